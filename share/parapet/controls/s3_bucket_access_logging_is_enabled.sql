-- id: s3_bucket_access_logging_is_enabled
-- title: S3 bucket: server access logs are kept
-- severity: medium
-- resource_type: aws_s3_bucket
-- frameworks: fsbp:S3.9,
--   nist_800_53_r5:AC-2(4), nist_800_53_r5:AC-3(1), nist_800_53_r5:AC-3(10),
--   nist_800_53_r5:AC-4(26), nist_800_53_r5:AC-6(9), nist_800_53_r5:AU-2(b), nist_800_53_r5:AU-3(a),
--   nist_800_53_r5:AU-3(b), nist_800_53_r5:AU-3(c), nist_800_53_r5:AU-3(d), nist_800_53_r5:AU-3(e),
--   nist_800_53_r5:AU-3(f), nist_800_53_r5:AU-6(3), nist_800_53_r5:AU-6(4), nist_800_53_r5:AU-6(6),
--   nist_800_53_r5:AU-6(9), nist_800_53_r5:AU-8(b), nist_800_53_r5:AU-10, nist_800_53_r5:AU-12(1),
--   nist_800_53_r5:AU-12(2), nist_800_53_r5:AU-12(3), nist_800_53_r5:AU-12(4), nist_800_53_r5:AU-12(a),
--   nist_800_53_r5:AU-12(c), nist_800_53_r5:AU-14(3), nist_800_53_r5:AU-14(a), nist_800_53_r5:AU-14(b),
--   nist_800_53_r5:CA-7(b), nist_800_53_r5:CM-5(1)(b), nist_800_53_r5:CM-6(a), nist_800_53_r5:CM-9(b),
--   nist_800_53_r5:IA-3(3)(b), nist_800_53_r5:MA-4(1)(a), nist_800_53_r5:PM-14(a)(1), nist_800_53_r5:PM-14(b),
--   nist_800_53_r5:PM-31, nist_800_53_r5:SC-7(9)(b), nist_800_53_r5:SI-1(1)(c), nist_800_53_r5:SI-3(8)(b),
--   nist_800_53_r5:SI-4(2), nist_800_53_r5:SI-4(17), nist_800_53_r5:SI-4(20), nist_800_53_r5:SI-7(8),
--   nist_800_53_r5:SI-10(1)(c),
--   nist_csf_1.1:DE.AE-1, nist_csf_1.1:DE.AE-3, nist_csf_1.1:DE.AE-4, nist_csf_1.1:DE.CM-1,
--   nist_csf_1.1:DE.CM-3, nist_csf_1.1:DE.CM-6, nist_csf_1.1:DE.CM-7, nist_csf_1.1:ID.AM-3,
--   nist_csf_1.1:PR.AC-6, nist_csf_1.1:PR.DS-5, nist_csf_1.1:PR.PT-1,
--   nist_800_171_r2:3.1.12, nist_800_171_r2:3.3.1, nist_800_171_r2:3.3.2, nist_800_171_r2:3.3.3,
--   nist_800_171_r2:3.6.1, nist_800_171_r2:3.6.2, nist_800_171_r2:3.13.1, nist_800_171_r2:3.14.6,
--   nist_800_171_r2:3.14.7,
--   pci_dss_4.0:5.3.4, pci_dss_4.0:10.2.1, pci_dss_4.0:10.2.1.1, pci_dss_4.0:10.2.1.2,
--   pci_dss_4.0:10.2.1.3, pci_dss_4.0:10.2.1.4, pci_dss_4.0:10.2.1.5, pci_dss_4.0:10.2.1.6,
--   pci_dss_4.0:10.2.1.7, pci_dss_4.0:10.2.2, pci_dss_4.0:10.3.1, pci_dss_4.0:10.6.3, pci_dss_4.0:A1.2.1,
--   soc2:A1.2, soc2:CC7.2, soc2:CC7.3,
--   iso_27001_2022:A.8.15,
--   hipaa:164.308(a)(1)(ii)(D), hipaa:164.308(a)(3)(ii)(A), hipaa:164.308(a)(6)(ii),
--   hipaa:164.312(b), hipaa:164.312(e)(2)(i),
--   fedramp_moderate_r4:AC-2(4), fedramp_moderate_r4:AC-2(g), fedramp_moderate_r4:AU-2(a)(d),
--   fedramp_moderate_r4:AU-3, fedramp_moderate_r4:AU-6(1)(3), fedramp_moderate_r4:AU-12(a)(c),
--   nis2:1.1.1.h, nis2:3.2.3.c, nis2:11.2.2.f
-- rationale: After a leak the access log is the only record of which objects were read and by whom.
-- remediation: In the bucket's Properties turn on Server access logging with another bucket of the same region
--   as target, or run aws s3api put-bucket-logging.
select
  b.arn,
  iif(b.logging_target_bucket is not null, 'pass', 'fail') as status,
  coalesce('access logs go to ' || b.logging_target_bucket,
    'server access logging is off, should be on') as reason
from aws_s3_bucket b
where not exists (select 1 from aws_s3_bucket source where source.logging_target_bucket = b.bucket_name)
