-- id: cloudwatch_alarm_actions_are_enabled
-- title: CloudWatch alarm: alarms may act
-- severity: medium
-- resource_type: aws_cloudwatch_alarm
-- rationale: An alarm whose actions are off goes off unheard.
-- remediation: Run aws cloudwatch enable-alarm-actions --alarm-names NAME.
select
  a.arn,
  iif(a.actions_enabled, 'pass', 'fail') as status,
  iif(a.actions_enabled, 'the actions are enabled', 'the actions are disabled, should be enabled') as reason
from aws_cloudwatch_alarm a
