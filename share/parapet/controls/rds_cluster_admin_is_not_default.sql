-- id: rds_cluster_admin_is_not_default
-- title: RDS cluster: the administrator has a name of its own
-- severity: medium
-- resource_type: aws_rds_db_cluster
-- frameworks: fsbp:RDS.24
-- rationale: An administrator's name that everybody knows is half of a guess.
-- remediation: The name cannot be changed: make another administrator and retire this one, or restore into a
--   cluster with a name of its own.
select
  c.arn,
  iif(lower(c.master_username) not in ('admin', 'postgres', 'administrator', 'root', 'sa'), 'pass',
    'fail') as status,
  iif(lower(c.master_username) not in ('admin', 'postgres', 'administrator', 'root', 'sa'),
    'the administrator has a name of its own', 'the administrator is called '
    || coalesce(c.master_username, 'by no known name') || ', should have a name of its own') as reason
from aws_rds_db_cluster c
