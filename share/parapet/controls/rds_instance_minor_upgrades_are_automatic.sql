-- id: rds_instance_minor_upgrades_are_automatic
-- title: RDS instance: minor versions are installed automatically
-- severity: high
-- resource_type: aws_rds_db_instance
-- frameworks: cis_aws_3.0:2.3.2,
--   cis_aws_5.0:2.2.2,
--   cis_aws_6.0:3.2.2,
--   cis_aws_7.0:3.2.2,
--   fsbp:RDS.13,
--   pci_dss_4.0:6.3.3
-- rationale: Minor versions close the engine's known holes; installed by themselves they are not forgotten.
-- remediation: Run aws rds modify-db-instance --auto-minor-version-upgrade.
select
  d.arn,
  iif(d.auto_minor_version_upgrade, 'pass', 'fail') as status,
  iif(d.auto_minor_version_upgrade, 'minor versions are installed automatically',
    'automatic minor upgrades are off, should be on') as reason
from aws_rds_db_instance d
