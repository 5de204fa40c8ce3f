-- id: monitoring_cloudtrail_changes_are_alarmed
-- title: Monitoring: changes of CloudTrail raise an alarm
-- severity: medium
-- resource_type: aws_account
-- frameworks: cis_aws_3.0:4.5,
--   cis_aws_5.0:4.5,
--   cis_aws_6.0:5.5,
--   cis_aws_7.0:5.5,
--   nist_csf_1.1:DE.CM-2, nist_csf_1.1:ID.RA-5, nist_csf_1.1:ID.SC-4,
--   soc2:CC5.2,
--   iso_27001_2022:A.8.15, iso_27001_2022:A.8.16,
--   gdpr:Art.25,
--   nis2:2.2.3, nis2:3.2.3.c, nis2:3.2.3.f, nis2:3.2.3.g, nis2:3.2.4, nis2:3.5.4, nis2:7.2.b
-- rationale: Stopping the record is the first thing that an intruder does.
-- remediation: Send a trail of all regions to CloudWatch Logs, put a metric filter with the pattern of the CIS
--   benchmark on the log group (aws logs put-metric-filter), an alarm on its metric and a confirmed
--   subscription on the alarm's topic.
select
  a.arn,
  iif(alarm.value is null, 'fail', 'pass') as status,
  coalesce('the alarm ' || alarm.value || ' tells of changes of trails',
    'no alarm tells anybody of changes of trails, should be one') as reason
from aws_account a, json_each(json_array((
  select min(l.alarm_name)
  from aws_cloudtrail_trail t
    join aws_cloudwatch_log_metric_filter f on f.region = t.region
      and substr(t.log_group_arn, instr(t.log_group_arn, ':log-group:') + 11) in (
        f.log_group_name, f.log_group_name || ':*')
    join aws_cloudwatch_alarm l on l.region = f.region
      and l.metric_name = f.metric_name and l.namespace = f.metric_namespace,
    json_each(json_array(' ' || replace(replace(replace(replace(replace(replace(
      f.filter_pattern, '(', ' '), ')', ' '), '"', ' '), '=', ' '), '|', ' '), '}', ' ') || ' ')) words
  where t.is_multi_region and t.is_logging
    and (exists (
        select 1 from json_each(t.event_selectors) e
        where e.value ->> '$.IncludeManagementEvents' and e.value ->> '$.ReadWriteType' = 'All')
      or exists (
        select 1 from json_each(t.advanced_event_selectors) e
        where exists (
            select 1 from json_each(e.value, '$.FieldSelectors') s
            where s.value ->> '$.Field' = 'eventCategory' and s.value ->> '$.Equals[0]' = 'Management')
          and not exists (
            select 1 from json_each(e.value, '$.FieldSelectors') s where s.value ->> '$.Field' = 'readOnly')))
    and l.actions_enabled
    and exists (
      select 1
      from json_each(l.alarm_actions) target join aws_sns_topic topic on topic.arn = target.value
      where topic.subscriptions_confirmed >= 1)
    and not exists (
      select 1
      from json_each('["CreateTrail","UpdateTrail","DeleteTrail","StartLogging","StopLogging"]') event
      where words.value not like '% ' || event.value || ' %')
))) alarm
