-- id: rds_cluster_minor_upgrades_are_automatic
-- title: RDS cluster: minor versions are installed automatically
-- severity: medium
-- resource_type: aws_rds_db_cluster
-- frameworks: fsbp:RDS.35
-- rationale: Minor versions close the engine's known holes; installed by themselves they are not forgotten.
-- remediation: Run aws rds modify-db-cluster --auto-minor-version-upgrade.
select
  c.arn,
  iif(c.auto_minor_version_upgrade, 'pass', 'fail') as status,
  iif(c.auto_minor_version_upgrade, 'minor versions are installed automatically',
    'automatic minor upgrades are off, should be on') as reason
from aws_rds_db_cluster c
where c.engine not like 'aurora%'
