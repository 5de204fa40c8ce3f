-- id: rds_cluster_iam_authentication_is_enabled
-- title: The RDS cluster takes IAM sign-in
-- severity: medium
-- resource_type: aws_rds_db_cluster
-- frameworks: fsbp:RDS.12,
--   pci_dss_4.0:7.2.1, pci_dss_4.0:7.2.2, pci_dss_4.0:7.2.5, pci_dss_4.0:7.3.1, pci_dss_4.0:7.3.2,
--   pci_dss_4.0:7.3.3, pci_dss_4.0:8.2.7, pci_dss_4.0:8.2.8, pci_dss_4.0:8.3.4,
--   nis2:11.4.2.c
-- rationale: Sign-in through IAM gives tokens of 15 minutes instead of passwords that live in configuration
--   files.
-- remediation: Run aws rds modify-db-cluster --enable-iam-database-authentication and map database users to
--   IAM.
select
  c.arn,
  iif(c.iam_authentication_enabled, 'pass', 'fail') as status,
  iif(c.iam_authentication_enabled, 'users may sign in through IAM',
    'sign-in through IAM is off, should be on') as reason
from aws_rds_db_cluster c
