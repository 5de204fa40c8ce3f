-- id: cloudtrail_trail_is_encrypted_with_kms
-- title: CloudTrail trail: trail files are encrypted with a customer's key
-- severity: medium
-- resource_type: aws_cloudtrail_trail
-- frameworks: cis_aws_3.0:3.5,
--   cis_aws_5.0:3.5,
--   cis_aws_6.0:4.5,
--   cis_aws_7.0:4.5,
--   fsbp:CloudTrail.2,
--   nist_800_53_r5:AU-9(3), nist_800_53_r5:CM-6(a), nist_800_53_r5:CM-9(b), nist_800_53_r5:CP-9(d),
--   nist_800_53_r5:SC-8(3), nist_800_53_r5:SC-8(4), nist_800_53_r5:SC-13(a), nist_800_53_r5:SC-28(1),
--   nist_800_53_r5:SI-19(4),
--   nist_csf_1.1:PR.DS-1,
--   nist_800_171_r2:3.3.8, nist_800_171_r2:3.13.11, nist_800_171_r2:3.13.16,
--   pci_dss_4.0:3.5.1, pci_dss_4.0:8.3.2, pci_dss_4.0:10.3.2, pci_dss_4.0:10.3.3,
--   pci_dss_4.0:10.3.4, pci_dss_4.0:A1.2.1,
--   iso_27001_2022:A.8.11, iso_27001_2022:A.8.15, iso_27001_2022:A.8.16, iso_27001_2022:A.8.24,
--   hipaa:164.308(a)(1)(ii)(B), hipaa:164.308(a)(1)(ii)(D), hipaa:164.308(a)(4)(ii)(A),
--   hipaa:164.312(a)(2)(iv), hipaa:164.312(c)(1), hipaa:164.312(c)(2), hipaa:164.312(e)(2)(ii),
--   gdpr:Art.25, gdpr:Art.30, gdpr:Art.32,
--   fedramp_moderate_r4:AU-9, fedramp_moderate_r4:SC-28,
--   nis2:9.2.a
-- rationale: With a key of your own, reading the record takes the key's permission as well as the bucket's.
-- remediation: Make a KMS key whose policy lets cloudtrail.amazonaws.com use it, then aws cloudtrail
--   update-trail --kms-key-id.
select
  t.arn,
  iif(t.kms_key_id is not null, 'pass', 'fail') as status,
  iif(t.kms_key_id is not null, 'log files are encrypted with ' || t.kms_key_id,
    'log files are encrypted by S3 alone, should be with a KMS key') as reason
from aws_cloudtrail_trail t
where substr(t.arn, instr(t.arn, ':' || t.home_region || ':') + length(t.home_region) + 2, 12) = t.account_id
