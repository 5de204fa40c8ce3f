-- id: cloudtrail_records_lambda_invocations
-- title: CloudTrail: invocations of all functions are recorded
-- severity: low
-- resource_type: aws_account
-- frameworks: soc2:A1.2,
--   iso_27001_2022:A.8.15,
--   nis2:3.2.3.c
-- rationale: Functions act with their roles; without data events nobody can tell who made them run.
-- remediation: Run aws cloudtrail put-event-selectors with a data resource AWS::Lambda::Function arn:aws:lambda
--   (charged by event).
select
  a.arn,
  iif(trail.value is null, 'fail', 'pass') as status,
  coalesce('the trail ' || trail.value || ' records invocations of all functions',
    'no trail records invocations of all functions, should be one that does') as reason
from aws_account a, json_each(json_array((
  select min(t.trail_name)
  from aws_cloudtrail_trail t
  where exists (
      select 1
      from json_each(t.event_selectors) e, json_each(e.value, '$.DataResources') d,
        json_each(d.value, '$.Values') v
      where d.value ->> '$.Type' = 'AWS::Lambda::Function' and v.value = 'arn:aws:lambda')
    or exists (
      select 1 from json_each(t.advanced_event_selectors) e, json_each(e.value, '$.FieldSelectors') f
      where f.value ->> '$.Field' = 'resources.type' and f.value ->> '$.Equals[0]' = 'AWS::Lambda::Function')
))) trail
