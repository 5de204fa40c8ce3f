-- id: efs_file_system_is_encrypted
-- title: EFS file system: the file system is encrypted with KMS
-- severity: medium
-- resource_type: aws_efs_file_system
-- frameworks: cis_aws_3.0:2.4.1,
--   cis_aws_5.0:2.3.1,
--   cis_aws_6.0:3.3.1,
--   cis_aws_7.0:3.3.1,
--   fsbp:EFS.1, fsbp:EFS.8,
--   nist_800_53_r5:AU-9(3), nist_800_53_r5:CP-9(d), nist_800_53_r5:SC-8(3), nist_800_53_r5:SC-8(4),
--   nist_800_53_r5:SC-13(a), nist_800_53_r5:SC-28(1), nist_800_53_r5:SI-19(4),
--   nist_csf_1.1:PR.DS-1,
--   nist_800_171_r2:3.13.11, nist_800_171_r2:3.13.16,
--   pci_dss_4.0:3.5.1, pci_dss_4.0:8.3.2,
--   iso_27001_2022:A.8.11, iso_27001_2022:A.8.24,
--   hipaa:164.308(a)(1)(ii)(B), hipaa:164.308(a)(4)(ii)(A), hipaa:164.312(a)(2)(iv),
--   hipaa:164.312(e)(2)(ii),
--   gdpr:Art.32,
--   fedramp_moderate_r4:SC-28
-- rationale: Encryption at rest cannot be added later, and keeps what is stored from whoever gets at the disks.
-- remediation: Make a new file system with encryption, copy the files with DataSync and switch the mounts over.
select
  f.arn,
  iif(f.encrypted and f.kms_key_id is not null, 'pass', 'fail') as status,
  iif(f.encrypted and f.kms_key_id is not null, 'the file system is encrypted with ' || f.kms_key_id,
    'the file system is not encrypted with a KMS key, should be') as reason
from aws_efs_file_system f
