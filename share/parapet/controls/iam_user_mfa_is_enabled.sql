-- id: iam_user_mfa_is_enabled
-- title: Every IAM user has an MFA device
-- severity: medium
-- resource_type: aws_iam_user
-- frameworks: fsbp:IAM.19,
--   nist_800_53_r5:AC-2(1), nist_800_53_r5:AC-3(2), nist_800_53_r5:AC-3(3),
--   nist_800_53_r5:AC-3(3)(a), nist_800_53_r5:AC-3(3)(b)(1), nist_800_53_r5:AC-3(3)(b)(2),
--   nist_800_53_r5:AC-3(3)(b)(3), nist_800_53_r5:AC-3(3)(b)(4), nist_800_53_r5:AC-3(3)(b)(5),
--   nist_800_53_r5:AC-3(3)(c), nist_800_53_r5:AC-3(4), nist_800_53_r5:AC-3(4)(a), nist_800_53_r5:AC-3(4)(b),
--   nist_800_53_r5:AC-3(4)(c), nist_800_53_r5:AC-3(4)(d), nist_800_53_r5:AC-3(4)(e), nist_800_53_r5:AC-3(8),
--   nist_800_53_r5:AC-3(12)(a), nist_800_53_r5:AC-3(13), nist_800_53_r5:AC-3(15)(a),
--   nist_800_53_r5:AC-3(15)(b), nist_800_53_r5:AC-4(28), nist_800_53_r5:AC-7(4), nist_800_53_r5:AC-7(4)(a),
--   nist_800_53_r5:AC-24, nist_800_53_r5:CM-5(1)(a), nist_800_53_r5:CM-6(a), nist_800_53_r5:CM-9(b),
--   nist_800_53_r5:IA-2(1), nist_800_53_r5:IA-2(2), nist_800_53_r5:IA-2(6), nist_800_53_r5:IA-2(6)(a),
--   nist_800_53_r5:IA-2(8), nist_800_53_r5:SC-23(3),
--   nist_csf_1.1:PR.AC-3, nist_csf_1.1:PR.AC-7,
--   nist_800_171_r2:3.1.1, nist_800_171_r2:3.1.2, nist_800_171_r2:3.1.14, nist_800_171_r2:3.5.2,
--   nist_800_171_r2:3.5.3,
--   pci_dss_4.0:8.4.1, pci_dss_4.0:8.4.2, pci_dss_4.0:8.4.3,
--   iso_27001_2022:A.5.15, iso_27001_2022:A.5.17, iso_27001_2022:A.8.5,
--   hipaa:164.308(a)(3)(ii)(A), hipaa:164.312(a)(1), hipaa:164.312(d),
--   gdpr:Art.25,
--   fedramp_moderate_r4:AC-2(1), fedramp_moderate_r4:AC-2(f), fedramp_moderate_r4:AC-2(j),
--   fedramp_moderate_r4:IA-2(1), fedramp_moderate_r4:IA-2(1)(2),
--   nis2:11.1.2.c, nis2:11.3.2.a, nis2:11.4.2.c, nis2:11.6.1, nis2:11.7.2
-- rationale: A user with one factor is one leaked password or key away from being somebody else.
-- remediation: Have the user open Security credentials and assign a device, or run aws iam enable-mfa-device;
--   better, replace IAM users by IAM Identity Center or roles.
select
  u.arn,
  iif(json_array_length(u.mfa_devices) > 0, 'pass', 'fail') as status,
  iif(json_array_length(u.mfa_devices) > 0, 'the user has MFA',
    'the user has no MFA device, should have one') as reason
from aws_iam_user u
