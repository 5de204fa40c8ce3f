-- id: rds_instance_deletion_protection_is_enabled
-- title: The RDS instance cannot be deleted by accident
-- severity: low
-- resource_type: aws_rds_db_instance
-- frameworks: fsbp:RDS.8,
--   nist_800_53_r5:CA-7(4)(c), nist_800_53_r5:CM-3(a), nist_800_53_r5:CP-1(a)(1)(b),
--   nist_800_53_r5:CP-1(a)(2), nist_800_53_r5:CP-2(5), nist_800_53_r5:CP-2(a), nist_800_53_r5:CP-2(a)(6),
--   nist_800_53_r5:CP-2(a)(7), nist_800_53_r5:CP-2(d), nist_800_53_r5:CP-2(e), nist_800_53_r5:SA-15(a)(4),
--   nist_800_53_r5:SC-5(2), nist_800_53_r5:SC-22, nist_800_53_r5:SI-13(5),
--   soc2:C1.1,
--   fedramp_moderate_r4:SC-5
-- rationale: One wrong command or template update deletes the database with its automatic backups.
-- remediation: Run aws rds modify-db-instance --deletion-protection.
select
  d.arn,
  iif(d.deletion_protection, 'pass', 'fail') as status,
  iif(d.deletion_protection, 'deletion protection is on', 'deletion protection is off, should be on') as reason
from aws_rds_db_instance d
where d.db_cluster_identifier is null
