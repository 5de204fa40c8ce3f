-- id: vpc_security_group_is_not_from_launch_wizard
-- title: Security group: no group was made by the launch wizard
-- severity: low
-- resource_type: aws_vpc_security_group
-- frameworks: iso_27001_2022:A.8.20, iso_27001_2022:A.8.21, iso_27001_2022:A.8.22
-- rationale: Groups of the launch wizard open SSH or RDP to everybody by default and stay for years.
-- remediation: Move the machines to a group that was made on purpose and delete this one.
select
  g.arn,
  iif(g.group_name not like 'launch-wizard-%', 'pass', 'fail') as status,
  iif(g.group_name not like 'launch-wizard-%', 'the group was made on purpose', 'the group ' || g.group_name
    || ' was made by the launch wizard, should be replaced') as reason
from aws_vpc_security_group g
