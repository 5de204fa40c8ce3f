-- id: rds_instance_backup_is_enabled
-- title: RDS instance: automatic backups reach back a week
-- severity: medium
-- resource_type: aws_rds_db_instance
-- frameworks: fsbp:RDS.11,
--   nist_800_53_r5:CP-1(2), nist_800_53_r5:CP-2(5), nist_800_53_r5:CP-6(1), nist_800_53_r5:CP-6(2),
--   nist_800_53_r5:CP-6(a), nist_800_53_r5:CP-9(a), nist_800_53_r5:CP-9(b), nist_800_53_r5:CP-9(c),
--   nist_800_53_r5:CP-10, nist_800_53_r5:CP-10(2), nist_800_53_r5:SC-5(2), nist_800_53_r5:SI-13(5),
--   nist_csf_1.1:ID.BE-5, nist_csf_1.1:PR.DS-4, nist_csf_1.1:PR.IP-4, nist_csf_1.1:PR.IP-9,
--   nist_csf_1.1:PR.PT-5, nist_csf_1.1:RC.RP-1, nist_csf_1.1:RS.RP-1,
--   nist_800_171_r2:3.13.2,
--   pci_dss_4.0:10.3.3,
--   soc2:A1.2, soc2:CC7.4,
--   hipaa:164.308(a)(1)(ii)(B), hipaa:164.308(a)(4)(ii)(A), hipaa:164.308(a)(7)(i),
--   hipaa:164.308(a)(7)(ii)(A), hipaa:164.308(a)(7)(ii)(B), hipaa:164.308(a)(7)(ii)(C),
--   hipaa:164.312(a)(2)(ii),
--   gdpr:Art.32,
--   fedramp_moderate_r4:CP-9(b), fedramp_moderate_r4:CP-10, fedramp_moderate_r4:SI-12,
--   nis2:3.6.2, nis2:4.1.1, nis2:4.1.2.g, nis2:4.2.2.e
-- rationale: Damage is often noticed days later; backups have to reach back beyond it.
-- remediation: Run aws rds modify-db-instance --backup-retention-period 7 (or more).
select
  d.arn,
  iif(d.backup_retention_period >= 7, 'pass', 'fail') as status,
  iif(d.backup_retention_period >= 7, 'backups are kept for ' || d.backup_retention_period || ' days',
    iif(coalesce(d.backup_retention_period, 0) = 0, 'automatic backups are off', 'backups are kept for '
    || d.backup_retention_period || iif(d.backup_retention_period = 1, ' day', ' days'))
    || ', should be kept for 7 days or more') as reason
from aws_rds_db_instance d
where d.db_cluster_identifier is null and d.read_replica_source is null
