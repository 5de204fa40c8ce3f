-- id: cloudwatch_alarm_has_alarm_action
-- title: CloudWatch alarm: alarms do something when they go off
-- severity: medium
-- resource_type: aws_cloudwatch_alarm
-- frameworks: pci_dss_4.0:10.2.1.1, pci_dss_4.0:10.4.1, pci_dss_4.0:10.4.1.1, pci_dss_4.0:10.4.2,
--   pci_dss_4.0:10.4.3, pci_dss_4.0:10.6.3, pci_dss_4.0:10.7.1, pci_dss_4.0:10.7.2, pci_dss_4.0:11.5.2,
--   pci_dss_4.0:11.6.1, pci_dss_4.0:12.10.5, pci_dss_4.0:A3.3.1, pci_dss_4.0:A3.5.1
-- rationale: An alarm that tells nobody changes a colour in the console and nothing else.
-- remediation: Add a topic or another action for the state ALARM (aws cloudwatch put-metric-alarm
--   --alarm-actions).
select
  a.arn,
  iif(json_array_length(a.alarm_actions) > 0, 'pass', 'fail') as status,
  iif(json_array_length(a.alarm_actions) > 0, 'the alarm tells ' || (a.alarm_actions ->> '$[0]'),
    'the alarm has no action, should have one') as reason
from aws_cloudwatch_alarm a
where not exists (
  select 1 from aws_cloudwatch_alarm composite
  where composite.region = a.region and composite.alarm_rule like '%"' || a.alarm_name || '"%')
