-- id: kms_key_rotation_is_enabled
-- title: KMS key: customer's symmetric keys rotate every year
-- severity: medium
-- resource_type: aws_kms_key
-- frameworks: cis_aws_3.0:3.6,
--   cis_aws_5.0:3.6,
--   cis_aws_6.0:4.6,
--   cis_aws_7.0:4.6,
--   fsbp:KMS.4,
--   nist_800_53_r5:CM-6(a), nist_800_53_r5:CM-9(b), nist_800_53_r5:SA-9(6), nist_800_53_r5:SC-12,
--   nist_800_53_r5:SC-12(2), nist_800_53_r5:SC-12(6),
--   pci_dss_4.0:3.7.4, pci_dss_4.0:3.7.5,
--   soc2:PI1.5,
--   iso_27001_2022:A.8.5, iso_27001_2022:A.8.11, iso_27001_2022:A.8.24,
--   hipaa:164.312(a)(2)(iv),
--   gdpr:Art.25, gdpr:Art.30,
--   fedramp_moderate_r4:SC-12,
--   nis2:11.6.2.c
-- rationale: Rotation bounds how much data one piece of key material protects, at no effort: old material stays
--   for decryption.
-- remediation: Run aws kms enable-key-rotation --key-id KEY, or turn on Automatic key rotation on the key's
--   page.
select
  k.arn,
  iif(k.rotation_enabled, 'pass', 'fail') as status,
  iif(k.rotation_enabled, 'the key rotates'
    || coalesce(' every ' || k.rotation_period_days || ' days', ' by itself'),
    'automatic rotation is off, should be on') as reason
from aws_kms_key k
where k.key_manager = 'CUSTOMER' and k.key_spec = 'SYMMETRIC_DEFAULT' and k.origin = 'AWS_KMS'
  and k.key_state = 'Enabled'
