-- id: rds_instance_is_encrypted
-- title: The RDS instance's storage is encrypted
-- severity: medium
-- resource_type: aws_rds_db_instance
-- frameworks: cis_aws_3.0:2.3.1,
--   cis_aws_5.0:2.2.1,
--   cis_aws_6.0:3.2.1,
--   cis_aws_7.0:3.2.1,
--   fsbp:RDS.3,
--   nist_800_53_r5:AU-9(3), nist_800_53_r5:CP-9(8), nist_800_53_r5:CP-9(d), nist_800_53_r5:SC-8(3),
--   nist_800_53_r5:SC-8(4), nist_800_53_r5:SC-13(a), nist_800_53_r5:SC-28(1), nist_800_53_r5:SI-19(4),
--   nist_csf_1.1:PR.DS-1,
--   nist_800_171_r2:3.13.11, nist_800_171_r2:3.13.16,
--   pci_dss_4.0:3.5.1, pci_dss_4.0:8.3.2,
--   soc2:PI1.5,
--   iso_27001_2022:A.8.11, iso_27001_2022:A.8.24,
--   hipaa:164.308(a)(1)(ii)(B), hipaa:164.308(a)(4)(ii)(A), hipaa:164.312(a)(2)(iv),
--   hipaa:164.312(e)(2)(ii),
--   gdpr:Art.32,
--   fedramp_moderate_r4:SC-28
-- rationale: Snapshots and backups of an unencrypted instance can be shared and read without any key.
-- remediation: Copy a snapshot with a KMS key (aws rds copy-db-snapshot --kms-key-id), restore an instance from
--   it and switch over.
select
  d.arn,
  iif(d.storage_encrypted, 'pass', 'fail') as status,
  iif(d.storage_encrypted, 'the storage is encrypted with ' || coalesce(d.kms_key_id, 'the default key'),
    'the storage is not encrypted, should be') as reason
from aws_rds_db_instance d
