-- id: efs_file_system_automatic_backup_is_enabled
-- title: EFS file system: automatic backups are on
-- severity: medium
-- resource_type: aws_efs_file_system
-- frameworks: fsbp:EFS.7,
--   nist_800_53_r5:CP-1(2), nist_800_53_r5:CP-2(5), nist_800_53_r5:CP-6(1), nist_800_53_r5:CP-6(2),
--   nist_800_53_r5:CP-6(a), nist_800_53_r5:CP-9(a), nist_800_53_r5:CP-9(b), nist_800_53_r5:CP-9(c),
--   nist_800_53_r5:CP-10, nist_800_53_r5:CP-10(2), nist_800_53_r5:SC-5(2), nist_800_53_r5:SI-13(5),
--   nist_csf_1.1:PR.IP-9, nist_csf_1.1:RC.RP-1, nist_csf_1.1:RS.RP-1,
--   nist_800_171_r2:3.13.2,
--   pci_dss_4.0:10.3.3,
--   soc2:A1.2, soc2:CC7.4,
--   hipaa:164.308(a)(7)(i), hipaa:164.308(a)(7)(ii)(A), hipaa:164.308(a)(7)(ii)(B),
--   hipaa:164.308(a)(7)(ii)(C), hipaa:164.312(a)(2)(ii),
--   fedramp_moderate_r4:CP-9(b), fedramp_moderate_r4:CP-10, fedramp_moderate_r4:SI-12,
--   nis2:3.6.2, nis2:4.1.2.g
-- rationale: Files deleted by mistake or by an intruder come back from a backup alone.
-- remediation: Run aws efs put-backup-policy --backup-policy Status=ENABLED.
select
  f.arn,
  iif(f.backup_policy_status in ('ENABLED', 'ENABLING'), 'pass', 'fail') as status,
  iif(f.backup_policy_status in ('ENABLED', 'ENABLING'), 'automatic backups are ' || f.backup_policy_status,
    'automatic backups are ' || coalesce(f.backup_policy_status, 'off') || ', should be ENABLED') as reason
from aws_efs_file_system f
