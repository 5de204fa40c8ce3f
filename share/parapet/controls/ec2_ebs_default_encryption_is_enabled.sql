-- id: ec2_ebs_default_encryption_is_enabled
-- title: EC2 settings of the region: new volumes in the region are encrypted
-- severity: medium
-- resource_type: aws_ec2_regional_settings
-- frameworks: cis_aws_3.0:2.2.1,
--   cis_aws_5.0:5.1.1,
--   cis_aws_6.0:6.1.1,
--   cis_aws_7.0:6.1.1,
--   fsbp:EC2.7,
--   nist_800_53_r5:AU-9(3), nist_800_53_r5:CM-6(a), nist_800_53_r5:CM-9(b), nist_800_53_r5:CP-9(d),
--   nist_800_53_r5:SC-8(3), nist_800_53_r5:SC-8(4), nist_800_53_r5:SC-13(a), nist_800_53_r5:SC-28(1),
--   nist_800_53_r5:SI-19(4),
--   iso_27001_2022:A.8.11, iso_27001_2022:A.8.24,
--   hipaa:164.308(a)(1)(ii)(B), hipaa:164.308(a)(4)(ii)(A), hipaa:164.312(a)(2)(iv),
--   hipaa:164.312(e)(2)(ii)
-- rationale: With the default on, no volume is made unencrypted by oversight.
-- remediation: Run aws ec2 enable-ebs-encryption-by-default in the region.
select
  e.arn,
  iif(e.ebs_encryption_by_default, 'pass', 'fail') as status,
  iif(e.ebs_encryption_by_default, 'new volumes are encrypted by default',
    'encryption by default is off, should be on') as reason
from aws_ec2_regional_settings e
