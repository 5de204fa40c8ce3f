-- id: ec2_instance_stopped_is_removed_within_30_days
-- title: EC2 instance: stopped instances do not linger
-- severity: low
-- resource_type: aws_ec2_instance
-- frameworks: fsbp:EC2.4
-- rationale: A stopped instance gets no patches, and starts again with all the holes found since.
-- remediation: Make an image if it may be needed, then aws ec2 terminate-instances.
select
  i.arn,
  iif(julianday(substr(i.state_transition_reason, instr(i.state_transition_reason, '(') + 1, 19)) >= julianday(
    assessed_at()) - 30, 'pass', 'fail') as status,
  iif(julianday(substr(i.state_transition_reason, instr(i.state_transition_reason, '(') + 1, 19)) >= julianday(
    assessed_at()) - 30, 'the instance was stopped '
    || substr(i.state_transition_reason, instr(i.state_transition_reason, '(') + 1, 10),
    'the instance was stopped '
    || coalesce(nullif(substr(i.state_transition_reason, instr(i.state_transition_reason, '(') + 1, 10), ''),
    'at an unknown time') || ', should be removed within 30 days') as reason
from aws_ec2_instance i
where i.instance_state = 'stopped'
