-- id: sns_topic_is_encrypted_with_kms
-- title: The SNS topic is encrypted with KMS
-- severity: medium
-- resource_type: aws_sns_topic
-- frameworks: fsbp:SNS.1,
--   nist_800_53_r5:AU-9(3), nist_800_53_r5:CP-9(d), nist_800_53_r5:SC-8(3), nist_800_53_r5:SC-8(4),
--   nist_800_53_r5:SC-13(a), nist_800_53_r5:SC-28(1),
--   nist_csf_1.1:PR.DS-1,
--   nist_800_171_r2:3.13.11, nist_800_171_r2:3.13.16,
--   pci_dss_4.0:3.5.1, pci_dss_4.0:8.3.2,
--   soc2:PI1.4,
--   iso_27001_2022:A.8.3, iso_27001_2022:A.8.11, iso_27001_2022:A.8.24,
--   hipaa:164.308(a)(1)(ii)(B), hipaa:164.308(a)(4)(ii)(A), hipaa:164.312(a)(2)(iv),
--   hipaa:164.312(e)(2)(ii),
--   gdpr:Art.32,
--   fedramp_moderate_r4:SC-13, fedramp_moderate_r4:SC-28
-- rationale: Messages wait on disk for their delivery; encryption keeps them from whoever gets at the storage
--   and puts their use under a key policy.
-- remediation: Run aws sns set-topic-attributes --attribute-name KmsMasterKeyId with a key whose policy lets
--   the publishers use it (alias/aws/sns does not let AWS services publish).
select
  t.arn,
  iif(t.kms_key_id <> '', 'pass', 'fail') as status,
  iif(t.kms_key_id <> '', 'messages are encrypted with ' || t.kms_key_id,
    'messages are not encrypted with a KMS key, should be') as reason
from aws_sns_topic t
