-- id: iam_root_has_no_access_key
-- title: The root user has no access key
-- severity: critical
-- resource_type: aws_iam_account_summary
-- frameworks: cis_aws_3.0:1.4,
--   cis_aws_5.0:1.3,
--   cis_aws_6.0:2.3,
--   cis_aws_7.0:2.4,
--   fsbp:IAM.4,
--   nist_800_53_r5:AC-2(1), nist_800_53_r5:AC-2(6), nist_800_53_r5:AC-3(3),
--   nist_800_53_r5:AC-3(3)(a), nist_800_53_r5:AC-3(3)(b)(1), nist_800_53_r5:AC-3(3)(b)(2),
--   nist_800_53_r5:AC-3(3)(b)(3), nist_800_53_r5:AC-3(3)(b)(4), nist_800_53_r5:AC-3(3)(b)(5),
--   nist_800_53_r5:AC-3(3)(c), nist_800_53_r5:AC-3(4), nist_800_53_r5:AC-3(4)(a), nist_800_53_r5:AC-3(4)(b),
--   nist_800_53_r5:AC-3(4)(c), nist_800_53_r5:AC-3(4)(d), nist_800_53_r5:AC-3(4)(e), nist_800_53_r5:AC-3(7),
--   nist_800_53_r5:AC-3(8), nist_800_53_r5:AC-3(12)(a), nist_800_53_r5:AC-3(13), nist_800_53_r5:AC-3(15)(a),
--   nist_800_53_r5:AC-3(15)(b), nist_800_53_r5:AC-4(28), nist_800_53_r5:AC-6, nist_800_53_r5:AC-6(2),
--   nist_800_53_r5:AC-6(10), nist_800_53_r5:AC-24, nist_800_53_r5:CM-5(1)(a), nist_800_53_r5:CM-6(a),
--   nist_800_53_r5:CM-9(b), nist_800_53_r5:IA-2, nist_800_53_r5:IA-4(4), nist_800_53_r5:IA-4(8),
--   nist_800_53_r5:IA-4(b), nist_800_53_r5:IA-5(8), nist_800_53_r5:MP-2, nist_800_53_r5:SC-23(3),
--   nist_800_53_r5:SC-25,
--   nist_csf_1.1:PR.AC-1, nist_csf_1.1:PR.AC-4, nist_csf_1.1:PR.PT-3,
--   nist_800_171_r2:3.1.1, nist_800_171_r2:3.1.2, nist_800_171_r2:3.1.4, nist_800_171_r2:3.1.5,
--   nist_800_171_r2:3.1.6, nist_800_171_r2:3.1.7, nist_800_171_r2:3.4.6,
--   pci_dss_4.0:7.2.1, pci_dss_4.0:7.2.2, pci_dss_4.0:7.2.3, pci_dss_4.0:8.2.1, pci_dss_4.0:8.2.2,
--   pci_dss_4.0:8.2.4, pci_dss_4.0:8.2.5, pci_dss_4.0:8.3.11,
--   iso_27001_2022:A.5.15,
--   hipaa:164.308(a)(1)(ii)(B), hipaa:164.308(a)(3)(i), hipaa:164.308(a)(3)(ii)(B),
--   hipaa:164.308(a)(4)(ii)(B), hipaa:164.312(a)(2)(i),
--   gdpr:Art.25,
--   fedramp_moderate_r4:AC-2(1), fedramp_moderate_r4:AC-2(f), fedramp_moderate_r4:AC-2(j),
--   fedramp_moderate_r4:AC-3, fedramp_moderate_r4:AC-5(c), fedramp_moderate_r4:AC-6,
--   fedramp_moderate_r4:AC-6(10), fedramp_moderate_r4:IA-2,
--   nis2:9.2.c
-- rationale: A root access key can do everything, cannot be restricted by any policy of the account and does
--   not ask for a second factor.
-- remediation: Sign in as the root user, open Security credentials, then deactivate and delete each access key;
--   give the programs that used it a role instead.
select
  s.arn,
  iif(s.root_access_keys_present = 0, 'pass', 'fail') as status,
  iif(s.root_access_keys_present = 0, 'the root user has no access key',
    'the root user has an access key, should have none') as reason
from aws_iam_account_summary s
