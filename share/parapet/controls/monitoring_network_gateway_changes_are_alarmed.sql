-- id: monitoring_network_gateway_changes_are_alarmed
-- title: Monitoring: changes of gateways raise an alarm
-- severity: medium
-- resource_type: aws_account
-- frameworks: cis_aws_3.0:4.12,
--   cis_aws_5.0:4.12,
--   cis_aws_6.0:5.12,
--   cis_aws_7.0:5.12,
--   nist_800_53_r5:AU-6(1), nist_800_53_r5:AU-6(5), nist_800_53_r5:AU-12(3),
--   nist_800_53_r5:AU-14(a), nist_800_53_r5:AU-14(b), nist_800_53_r5:CA-2(2), nist_800_53_r5:CA-7,
--   nist_800_53_r5:CA-7(b), nist_800_53_r5:PM-14(a)(1), nist_800_53_r5:PM-14(b), nist_800_53_r5:PM-31,
--   nist_800_53_r5:SC-36(1)(a), nist_800_53_r5:SI-2(a), nist_800_53_r5:SI-4(12), nist_800_53_r5:SI-5(1),
--   nist_800_53_r5:SI-5(b),
--   nist_csf_1.1:DE.AE-5, nist_csf_1.1:DE.CM-2, nist_csf_1.1:DE.CM-5, nist_csf_1.1:DE.DP-4,
--   nist_csf_1.1:ID.RA-5,
--   nist_800_171_r2:3.6.1, nist_800_171_r2:3.6.2, nist_800_171_r2:3.12.4,
--   soc2:CC5.2, soc2:CC7.2, soc2:CC7.3, soc2:CC7.4,
--   iso_27001_2022:A.8.15, iso_27001_2022:A.8.16,
--   hipaa:164.308(a)(6)(i),
--   fedramp_moderate_r4:AC-2(4), fedramp_moderate_r4:AU-6(1)(3), fedramp_moderate_r4:AU-7(1),
--   fedramp_moderate_r4:CA-7(a)(b), fedramp_moderate_r4:IR-4(1), fedramp_moderate_r4:SI-4(2),
--   fedramp_moderate_r4:SI-4(4), fedramp_moderate_r4:SI-4(5), fedramp_moderate_r4:SI-4(a)(b)(c),
--   nis2:2.2.3, nis2:3.2.3.a, nis2:3.2.3.c, nis2:3.2.3.f, nis2:3.2.4, nis2:6.4.1
-- rationale: A new gateway is a new way out of the network.
-- remediation: Send a trail of all regions to CloudWatch Logs, put a metric filter with the pattern of the CIS
--   benchmark on the log group (aws logs put-metric-filter), an alarm on its metric and a confirmed
--   subscription on the alarm's topic.
select
  a.arn,
  iif(alarm.value is null, 'fail', 'pass') as status,
  coalesce('the alarm ' || alarm.value || ' tells of changes of gateways',
    'no alarm tells anybody of changes of gateways, should be one') as reason
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
      from json_each('["CreateCustomerGateway","DeleteCustomerGateway","CreateInternetGateway",'
        || '"DeleteInternetGateway","AttachInternetGateway","DetachInternetGateway"]') event
      where words.value not like '% ' || event.value || ' %')
))) alarm
