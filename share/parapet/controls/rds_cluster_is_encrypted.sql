-- id: rds_cluster_is_encrypted
-- title: The RDS cluster's storage is encrypted
-- severity: medium
-- resource_type: aws_rds_db_cluster
-- frameworks: fsbp:RDS.27,
--   pci_dss_4.0:3.5.1, pci_dss_4.0:8.3.2,
--   soc2:PI1.5,
--   iso_27001_2022:A.8.11, iso_27001_2022:A.8.24
-- rationale: Snapshots and backups of an unencrypted cluster can be shared and read without any key.
-- remediation: Copy a snapshot with a KMS key (aws rds copy-db-cluster-snapshot --kms-key-id), restore a
--   cluster from it and switch over.
select
  c.arn,
  iif(c.storage_encrypted, 'pass', 'fail') as status,
  iif(c.storage_encrypted, 'the storage is encrypted with ' || coalesce(c.kms_key_id, 'the default key'),
    'the storage is not encrypted, should be') as reason
from aws_rds_db_cluster c
