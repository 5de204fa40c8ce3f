-- id: rds_instance_admin_is_not_default
-- title: RDS instance: the administrator has a name of its own
-- severity: medium
-- resource_type: aws_rds_db_instance
-- frameworks: fsbp:RDS.25
-- rationale: An administrator's name that everybody knows is half of a guess.
-- remediation: The name cannot be changed: make another administrator and retire this one, or restore into an
--   instance with a name of its own.
select
  d.arn,
  iif(lower(d.master_username) not in ('admin', 'postgres', 'administrator', 'root', 'sa', 'oracle'), 'pass',
    'fail') as status,
  iif(lower(d.master_username) not in ('admin', 'postgres', 'administrator', 'root', 'sa', 'oracle'),
    'the administrator has a name of its own', 'the administrator is called '
    || coalesce(d.master_username, 'by no known name') || ', should have a name of its own') as reason
from aws_rds_db_instance d
where d.db_cluster_identifier is null
