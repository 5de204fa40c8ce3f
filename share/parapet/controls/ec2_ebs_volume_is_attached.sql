-- id: ec2_ebs_volume_is_attached
-- title: EBS volume: no volume lies about unattached
-- severity: low
-- resource_type: aws_ebs_volume
-- rationale: A volume that nothing uses keeps its data, forgotten and paid for.
-- remediation: Make a snapshot if the data may be needed, then aws ec2 delete-volume.
select
  v.arn,
  iif(v.volume_state = 'in-use', 'pass', 'fail') as status,
  iif(v.volume_state = 'in-use', 'the volume is in use', 'the volume is ' || coalesce(v.volume_state, 'unknown')
    || ', should be in-use or deleted') as reason
from aws_ebs_volume v
