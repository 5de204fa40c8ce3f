-- id: ec2_instance_has_single_network_interface
-- title: The EC2 instance has one network interface
-- severity: low
-- resource_type: aws_ec2_instance
-- frameworks: fsbp:EC2.17,
--   iso_27001_2022:A.8.20, iso_27001_2022:A.8.21, iso_27001_2022:A.8.22
-- rationale: A second interface can join networks that were meant to be apart.
-- remediation: Detach the interface that is not needed with aws ec2 detach-network-interface.
select
  i.arn,
  iif(json_array_length(i.network_interfaces) = 1, 'pass', 'fail') as status,
  iif(json_array_length(i.network_interfaces) = 1, 'the instance has one network interface', 'the instance has '
    || coalesce(json_array_length(i.network_interfaces), 0) || ' network interfaces, should have one') as reason
from aws_ec2_instance i
where i.instance_state <> 'terminated'
