-- id: rds_cluster_is_multi_az
-- title: The RDS cluster spans zones
-- severity: medium
-- resource_type: aws_rds_db_cluster
-- frameworks: cis_aws_5.0:2.2.4,
--   cis_aws_6.0:3.2.4,
--   cis_aws_7.0:3.2.4,
--   fsbp:RDS.15,
--   iso_27001_2022:A.8.14
-- rationale: Without an instance in another zone, the loss of a zone takes the database down.
-- remediation: Add a reader in another zone (aws rds create-db-instance --db-cluster-identifier).
select
  c.arn,
  iif(c.multi_az, 'pass', 'fail') as status,
  iif(c.multi_az, 'the cluster spans zones', 'the cluster is in one zone, should span zones') as reason
from aws_rds_db_cluster c
