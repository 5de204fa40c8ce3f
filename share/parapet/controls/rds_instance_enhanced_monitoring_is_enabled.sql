-- id: rds_instance_enhanced_monitoring_is_enabled
-- title: The RDS instance has enhanced monitoring
-- severity: low
-- resource_type: aws_rds_db_instance
-- frameworks: fsbp:RDS.6,
--   nist_800_53_r5:AU-12(3), nist_800_53_r5:AU-14(a), nist_800_53_r5:AU-14(b),
--   nist_800_53_r5:CA-2(2), nist_800_53_r5:CA-7, nist_800_53_r5:CA-7(b), nist_800_53_r5:PM-14(a)(1),
--   nist_800_53_r5:PM-14(b), nist_800_53_r5:PM-31, nist_800_53_r5:SC-36(1)(a), nist_800_53_r5:SI-2(a),
--   nist_csf_1.1:DE.CM-2, nist_csf_1.1:ID.RA-5, nist_csf_1.1:ID.SC-4, nist_csf_1.1:PR.DS-4,
--   nist_800_171_r2:3.12.4,
--   fedramp_moderate_r4:CA-7(a)(b),
--   nis2:3.2.3.h
-- rationale: Enhanced monitoring shows the processes of the database machine, which the hypervisor's metrics
--   hide.
-- remediation: Run aws rds modify-db-instance --monitoring-interval 60 --monitoring-role-arn ROLE.
select
  d.arn,
  iif(d.monitoring_interval > 0, 'pass', 'fail') as status,
  iif(d.monitoring_interval > 0, 'enhanced monitoring runs every ' || d.monitoring_interval || ' seconds',
    'enhanced monitoring is off, should be on') as reason
from aws_rds_db_instance d
