-- id: rds_instance_is_in_vpc
-- title: The RDS instance is in a VPC
-- severity: high
-- resource_type: aws_rds_db_instance
-- frameworks: fsbp:RDS.18,
--   iso_27001_2022:A.8.20, iso_27001_2022:A.8.21, iso_27001_2022:A.8.22
-- rationale: Outside a VPC no security group or subnet of yours stands before the database.
-- remediation: Restore a snapshot of the instance into a subnet group of a VPC.
select
  d.arn,
  iif(d.vpc_id is not null, 'pass', 'fail') as status,
  iif(d.vpc_id is not null, 'the instance is in ' || d.vpc_id,
    'the instance is in no VPC, should be in one') as reason
from aws_rds_db_instance d
