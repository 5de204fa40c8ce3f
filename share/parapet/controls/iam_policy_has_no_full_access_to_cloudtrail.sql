-- id: iam_policy_has_no_full_access_to_cloudtrail
-- title: IAM policy: no customer managed policy grants all of CloudTrail
-- severity: medium
-- resource_type: aws_iam_policy
-- frameworks: soc2:CC3.3,
--   nis2:11.2.2.a
-- rationale: All of CloudTrail includes stopping and deleting trails, the first thing an intruder does.
-- remediation: Allow the reading actions in use (cloudtrail:LookupEvents, cloudtrail:Get*, cloudtrail:List*)
--   instead of cloudtrail:*.
select
  p.arn,
  iif(wide.value is null, 'pass', 'fail') as status,
  iif(wide.value is null, 'no statement allows cloudtrail:* on all resources', 'statement ' || wide.value
    || ' allows cloudtrail:* on all resources, should name actions') as reason
from aws_iam_policy p, json_each(json_array((
  select min(coalesce(s.value ->> '$.Sid', s.key + 1))
  from json_each(policy_statements(p.document)) s
  where s.value ->> '$.Effect' = 'Allow'
    and exists (select 1 from json_each(s.value, '$.Action') a where lower(a.value) = 'cloudtrail:*')
    and (json_type(s.value, '$.NotResource') is not null
      or exists (select 1 from json_each(s.value, '$.Resource') r where r.value = '*'))
))) wide
where p.arn not like 'arn:%:iam::aws:policy/%'
