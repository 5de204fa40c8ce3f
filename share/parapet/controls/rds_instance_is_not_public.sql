-- id: rds_instance_is_not_public
-- title: The RDS instance has no public address
-- severity: critical
-- resource_type: aws_rds_db_instance
-- frameworks: cis_aws_3.0:2.3.3,
--   cis_aws_5.0:2.2.3,
--   cis_aws_6.0:3.2.3,
--   cis_aws_7.0:3.2.3,
--   fsbp:RDS.2,
--   nist_800_53_r5:AC-2(6), nist_800_53_r5:AC-3, nist_800_53_r5:AC-3(7), nist_800_53_r5:AC-4(21),
--   nist_800_53_r5:AC-6, nist_800_53_r5:AC-17(1), nist_800_53_r5:AC-17(4)(a), nist_800_53_r5:AC-17(9),
--   nist_800_53_r5:AC-17(10), nist_800_53_r5:AC-17(b), nist_800_53_r5:MP-2, nist_800_53_r5:SC-7(2),
--   nist_800_53_r5:SC-7(3), nist_800_53_r5:SC-7(7), nist_800_53_r5:SC-7(9)(a), nist_800_53_r5:SC-7(11),
--   nist_800_53_r5:SC-7(12), nist_800_53_r5:SC-7(16), nist_800_53_r5:SC-7(20), nist_800_53_r5:SC-7(21),
--   nist_800_53_r5:SC-7(24)(b), nist_800_53_r5:SC-7(25), nist_800_53_r5:SC-7(26), nist_800_53_r5:SC-7(27),
--   nist_800_53_r5:SC-7(28), nist_800_53_r5:SC-7(a), nist_800_53_r5:SC-7(b), nist_800_53_r5:SC-7(c),
--   nist_800_53_r5:SC-25,
--   nist_csf_1.1:PR.AC-3, nist_csf_1.1:PR.AC-5, nist_csf_1.1:PR.DS-5, nist_csf_1.1:PR.IP-8,
--   nist_csf_1.1:PR.PT-4,
--   nist_800_171_r2:3.1.1, nist_800_171_r2:3.1.2, nist_800_171_r2:3.1.3, nist_800_171_r2:3.1.14,
--   nist_800_171_r2:3.13.1, nist_800_171_r2:3.13.2, nist_800_171_r2:3.13.5,
--   pci_dss_4.0:1.2.8, pci_dss_4.0:1.3.1, pci_dss_4.0:1.3.2, pci_dss_4.0:1.4.2, pci_dss_4.0:1.5.1,
--   pci_dss_4.0:3.5.1.3, pci_dss_4.0:10.3.2, pci_dss_4.0:A1.1.2, pci_dss_4.0:A1.1.3, pci_dss_4.0:A3.4.1,
--   soc2:CC6.2,
--   iso_27001_2022:A.8.1,
--   hipaa:164.308(a)(3)(i), hipaa:164.312(a)(1),
--   fedramp_moderate_r4:AC-3, fedramp_moderate_r4:AC-4, fedramp_moderate_r4:AC-6,
--   fedramp_moderate_r4:AC-17(1), fedramp_moderate_r4:AC-21(b), fedramp_moderate_r4:CM-2,
--   fedramp_moderate_r4:SC-4, fedramp_moderate_r4:SC-7, fedramp_moderate_r4:SC-7(3)
-- rationale: A database with a public address is one wrong security group away from the internet.
-- remediation: Run aws rds modify-db-instance --no-publicly-accessible --apply-immediately, and reach it from
--   inside the VPC.
select
  d.arn,
  iif(not coalesce(d.publicly_accessible, 0), 'pass', 'fail') as status,
  iif(not coalesce(d.publicly_accessible, 0), 'the instance has no public address',
    'the instance is publicly accessible, should not be') as reason
from aws_rds_db_instance d
