-- id: s3_account_public_access_is_blocked
-- title: S3 account settings: the account blocks public access to S3
-- severity: high
-- resource_type: aws_s3_account_settings
-- frameworks: cis_aws_3.0:2.1.4,
--   cis_aws_5.0:2.1.4,
--   cis_aws_6.0:3.1.4,
--   cis_aws_7.0:3.1.4,
--   fsbp:S3.1,
--   nist_800_53_r5:AC-2(6), nist_800_53_r5:AC-3, nist_800_53_r5:AC-3(7), nist_800_53_r5:AC-4(21),
--   nist_800_53_r5:AC-6, nist_800_53_r5:AC-17(1), nist_800_53_r5:AC-17(4)(a), nist_800_53_r5:AC-17(9),
--   nist_800_53_r5:AC-17(10), nist_800_53_r5:AC-17(b), nist_800_53_r5:CM-6(a), nist_800_53_r5:CM-9(b),
--   nist_800_53_r5:MP-2, nist_800_53_r5:SC-7(2), nist_800_53_r5:SC-7(3), nist_800_53_r5:SC-7(7),
--   nist_800_53_r5:SC-7(9)(a), nist_800_53_r5:SC-7(11), nist_800_53_r5:SC-7(12), nist_800_53_r5:SC-7(16),
--   nist_800_53_r5:SC-7(20), nist_800_53_r5:SC-7(21), nist_800_53_r5:SC-7(24)(b), nist_800_53_r5:SC-7(25),
--   nist_800_53_r5:SC-7(26), nist_800_53_r5:SC-7(27), nist_800_53_r5:SC-7(28), nist_800_53_r5:SC-7(a),
--   nist_800_53_r5:SC-7(b), nist_800_53_r5:SC-7(c), nist_800_53_r5:SC-25,
--   nist_csf_1.1:PR.AC-3, nist_csf_1.1:PR.AC-5, nist_csf_1.1:PR.DS-5, nist_csf_1.1:PR.IP-8,
--   nist_csf_1.1:PR.PT-3,
--   nist_800_171_r2:3.1.1, nist_800_171_r2:3.1.2, nist_800_171_r2:3.1.3, nist_800_171_r2:3.1.14,
--   nist_800_171_r2:3.1.20, nist_800_171_r2:3.3.8, nist_800_171_r2:3.4.6, nist_800_171_r2:3.13.2,
--   nist_800_171_r2:3.13.5,
--   pci_dss_4.0:1.2.8, pci_dss_4.0:1.3.1, pci_dss_4.0:1.3.2, pci_dss_4.0:1.4.2, pci_dss_4.0:1.5.1,
--   pci_dss_4.0:3.5.1.3, pci_dss_4.0:10.3.2, pci_dss_4.0:A1.1.2, pci_dss_4.0:A1.1.3, pci_dss_4.0:A3.4.1,
--   iso_27001_2022:A.8.1,
--   hipaa:164.308(a)(1)(ii)(B), hipaa:164.308(a)(3)(i),
--   fedramp_moderate_r4:AC-3, fedramp_moderate_r4:AC-6, fedramp_moderate_r4:AC-17(1),
--   fedramp_moderate_r4:AC-21(b), fedramp_moderate_r4:CM-2, fedramp_moderate_r4:SC-4,
--   fedramp_moderate_r4:SC-7, fedramp_moderate_r4:SC-7(3)
-- rationale: Settings of the account hold for every bucket, those made tomorrow included, so that one wrong
--   policy or ACL publishes nothing.
-- remediation: In S3 open Block Public Access settings for this account and turn on all four, or run aws
--   s3control put-public-access-block --account-id ACCOUNT with all four true; publish through CloudFront where
--   something has to be public.
select
  a.arn,
  iif(off.value is null, 'pass', 'fail') as status,
  iif(off.value is null, 'all four settings are on', off.value || ' off, should be on') as reason
from aws_s3_account_settings a, json_each(json_array((
  select group_concat(setting.value ->> 0, ', ') || iif(count(*) = 1, ' is', ' are')
  from json_each(json_array(
    json_array('BlockPublicAcls', a.block_public_acls), json_array('IgnorePublicAcls', a.ignore_public_acls),
    json_array('BlockPublicPolicy', a.block_public_policy),
    json_array('RestrictPublicBuckets', a.restrict_public_buckets))) setting
  where coalesce(setting.value ->> 1, 0) = 0
  having count(*) > 0
))) off
