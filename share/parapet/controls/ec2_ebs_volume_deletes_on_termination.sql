-- id: ec2_ebs_volume_deletes_on_termination
-- title: The EBS volume goes when its instance goes
-- severity: low
-- resource_type: aws_ebs_volume
-- rationale: A volume that outlives its instance keeps its data where nobody looks for it.
-- remediation: Run aws ec2 modify-instance-attribute --block-device-mappings with DeleteOnTermination=true for
--   the device, unless the data is meant to stay.
select
  v.arn,
  iif(stays.value is null, 'pass', 'fail') as status,
  iif(stays.value is null, 'the volume goes with its instance',
    'the volume stays when ' || stays.value || ' is terminated, should go with it') as reason
from aws_ebs_volume v, json_each(json_array((
  select min(a.value ->> '$.InstanceId')
  from json_each(v.attachments) a
  where not coalesce(a.value ->> '$.DeleteOnTermination', 0)
))) stays
where json_array_length(v.attachments) > 0
