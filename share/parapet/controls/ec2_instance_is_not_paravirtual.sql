-- id: ec2_instance_is_not_paravirtual
-- title: The EC2 instance does not use paravirtualisation
-- severity: medium
-- resource_type: aws_ec2_instance
-- frameworks: fsbp:EC2.24,
--   iso_27001_2022:A.8.20, iso_27001_2022:A.8.21, iso_27001_2022:A.8.22
-- rationale: Paravirtual images run on old hardware alone, without the isolation of Nitro.
-- remediation: Build the machine anew from an HVM image on a current instance type.
select
  i.arn,
  iif(i.virtualization_type = 'hvm', 'pass', 'fail') as status,
  iif(i.virtualization_type = 'hvm', 'virtualisation is hvm', 'virtualisation is '
    || coalesce(i.virtualization_type, 'unknown') || ', should be hvm') as reason
from aws_ec2_instance i
where i.instance_state <> 'terminated'
