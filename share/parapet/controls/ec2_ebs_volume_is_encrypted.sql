-- id: ec2_ebs_volume_is_encrypted
-- title: The EBS volume is encrypted
-- severity: medium
-- resource_type: aws_ebs_volume
-- frameworks: cis_aws_3.0:2.2.1,
--   cis_aws_5.0:5.1.1,
--   cis_aws_6.0:6.1.1,
--   fsbp:EC2.3,
--   nist_800_53_r5:AU-9(3), nist_800_53_r5:CM-6(a), nist_800_53_r5:CM-9(b), nist_800_53_r5:CP-9(d),
--   nist_800_53_r5:SC-8(3), nist_800_53_r5:SC-8(4), nist_800_53_r5:SC-13(a), nist_800_53_r5:SC-28(1),
--   nist_800_53_r5:SI-19(4),
--   nist_csf_1.1:PR.DS-1,
--   nist_800_171_r2:3.5.10, nist_800_171_r2:3.13.11, nist_800_171_r2:3.13.16,
--   pci_dss_4.0:3.5.1, pci_dss_4.0:8.3.2,
--   soc2:PI1.5,
--   iso_27001_2022:A.8.11, iso_27001_2022:A.8.24,
--   hipaa:164.308(a)(1)(ii)(B), hipaa:164.308(a)(4)(ii)(A), hipaa:164.312(a)(2)(iv),
--   hipaa:164.312(c)(1), hipaa:164.312(c)(2), hipaa:164.312(e)(2)(ii),
--   gdpr:Art.32,
--   fedramp_moderate_r4:SC-28
-- rationale: Snapshots of an unencrypted volume can be shared and read without any key.
-- remediation: Copy a snapshot of the volume with encryption (aws ec2 copy-snapshot --encrypted), make a volume
--   of it and swap the two.
select
  v.arn,
  iif(v.encrypted, 'pass', 'fail') as status,
  iif(v.encrypted, 'the volume is encrypted with ' || coalesce(v.kms_key_id, 'the default key'),
    'the volume is not encrypted, should be') as reason
from aws_ebs_volume v
