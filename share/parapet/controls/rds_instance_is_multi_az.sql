-- id: rds_instance_is_multi_az
-- title: The RDS instance has a standby in another zone
-- severity: medium
-- resource_type: aws_rds_db_instance
-- frameworks: cis_aws_5.0:2.2.4,
--   cis_aws_6.0:3.2.4,
--   cis_aws_7.0:3.2.4,
--   fsbp:RDS.5,
--   nist_800_53_r5:CP-1(a)(1)(b), nist_800_53_r5:CP-1(a)(2), nist_800_53_r5:CP-2(5),
--   nist_800_53_r5:CP-2(6), nist_800_53_r5:CP-2(a), nist_800_53_r5:CP-2(a)(6), nist_800_53_r5:CP-2(a)(7),
--   nist_800_53_r5:CP-2(d), nist_800_53_r5:CP-2(e), nist_800_53_r5:CP-6(2), nist_800_53_r5:CP-10,
--   nist_800_53_r5:SC-5(2), nist_800_53_r5:SC-6, nist_800_53_r5:SC-22, nist_800_53_r5:SC-36,
--   nist_800_53_r5:SI-13(5),
--   nist_csf_1.1:ID.BE-5, nist_csf_1.1:PR.DS-4, nist_csf_1.1:PR.IP-9, nist_csf_1.1:PR.PT-5,
--   nist_csf_1.1:RC.RP-1, nist_csf_1.1:RS.RP-1,
--   nist_800_171_r2:3.13.2,
--   iso_27001_2022:A.8.14,
--   hipaa:164.308(a)(1)(ii)(B), hipaa:164.308(a)(7)(i), hipaa:164.308(a)(7)(ii)(A),
--   hipaa:164.308(a)(7)(ii)(B), hipaa:164.308(a)(7)(ii)(C),
--   fedramp_moderate_r4:CP-10, fedramp_moderate_r4:SC-5
-- rationale: Without a standby, the loss of a zone or a patch takes the database down.
-- remediation: Run aws rds modify-db-instance --multi-az.
select
  d.arn,
  iif(d.multi_az, 'pass', 'fail') as status,
  iif(d.multi_az, 'a standby waits in another zone',
    'the instance has no standby in another zone, should have one') as reason
from aws_rds_db_instance d
where d.db_cluster_identifier is null and d.read_replica_source is null
