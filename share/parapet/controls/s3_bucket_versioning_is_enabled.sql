-- id: s3_bucket_versioning_is_enabled
-- title: The S3 bucket keeps versions
-- severity: low
-- resource_type: aws_s3_bucket
-- frameworks: fsbp:S3.14,
--   nist_800_53_r5:AU-9(2), nist_800_53_r5:CP-1(2), nist_800_53_r5:CP-2(5), nist_800_53_r5:CP-6(1),
--   nist_800_53_r5:CP-6(2), nist_800_53_r5:CP-6(a), nist_800_53_r5:CP-9(a), nist_800_53_r5:CP-9(b),
--   nist_800_53_r5:CP-9(c), nist_800_53_r5:CP-10, nist_800_53_r5:CP-10(2), nist_800_53_r5:PM-11(b),
--   nist_800_53_r5:PM-17(b), nist_800_53_r5:SC-5(2), nist_800_53_r5:SC-16(1), nist_800_53_r5:SI-1(a)(2),
--   nist_800_53_r5:SI-13(5),
--   nist_csf_1.1:ID.BE-5, nist_csf_1.1:PR.DS-4, nist_csf_1.1:PR.IP-4, nist_csf_1.1:PR.IP-9,
--   nist_csf_1.1:PR.PT-5, nist_csf_1.1:RC.RP-1, nist_csf_1.1:RS.RP-1,
--   nist_800_171_r2:3.3.8,
--   pci_dss_4.0:10.3.4,
--   soc2:A1.2, soc2:C1.2, soc2:CC7.4, soc2:PI1.5,
--   iso_27001_2022:A.8.3, iso_27001_2022:A.8.10,
--   hipaa:164.308(a)(1)(ii)(B), hipaa:164.308(a)(7)(i), hipaa:164.308(a)(7)(ii)(A),
--   hipaa:164.308(a)(7)(ii)(B), hipaa:164.308(a)(7)(ii)(C), hipaa:164.312(a)(2)(ii), hipaa:164.312(c)(1),
--   hipaa:164.312(c)(2),
--   fedramp_moderate_r4:AU-9(2), fedramp_moderate_r4:CP-9(b), fedramp_moderate_r4:CP-10,
--   fedramp_moderate_r4:SC-5, fedramp_moderate_r4:SI-12
-- rationale: With versions, an object that was overwritten, deleted or encrypted by an intruder can be brought
--   back.
-- remediation: In the bucket's Properties enable Bucket Versioning, or run aws s3api put-bucket-versioning
--   --versioning-configuration Status=Enabled; add a lifecycle rule for old versions.
select
  b.arn,
  iif(b.versioning = 'Enabled', 'pass', 'fail') as status,
  iif(b.versioning = 'Enabled', 'versioning is Enabled', 'versioning is ' || coalesce(b.versioning, 'off')
    || ', should be Enabled') as reason
from aws_s3_bucket b
