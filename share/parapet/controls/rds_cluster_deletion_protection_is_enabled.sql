-- id: rds_cluster_deletion_protection_is_enabled
-- title: The RDS cluster cannot be deleted by accident
-- severity: low
-- resource_type: aws_rds_db_cluster
-- frameworks: fsbp:RDS.7
-- rationale: One wrong command or template update deletes the cluster with its automatic backups.
-- remediation: Run aws rds modify-db-cluster --deletion-protection.
select
  c.arn,
  iif(c.deletion_protection, 'pass', 'fail') as status,
  iif(c.deletion_protection, 'deletion protection is on', 'deletion protection is off, should be on') as reason
from aws_rds_db_cluster c
