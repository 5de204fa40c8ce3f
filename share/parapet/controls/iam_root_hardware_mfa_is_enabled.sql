-- id: iam_root_hardware_mfa_is_enabled
-- title: The root user's MFA device is hardware
-- severity: critical
-- resource_type: aws_iam_account_summary
-- frameworks: cis_aws_3.0:1.6,
--   cis_aws_5.0:1.5,
--   cis_aws_6.0:2.5,
--   cis_aws_7.0:2.6,
--   fsbp:IAM.6,
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
--   nist_800_171_r2:3.1.1, nist_800_171_r2:3.1.2, nist_800_171_r2:3.5.3,
--   pci_dss_4.0:8.4.1, pci_dss_4.0:8.4.2, pci_dss_4.0:8.4.3,
--   hipaa:164.308(a)(3)(ii)(A), hipaa:164.312(d),
--   gdpr:Art.25,
--   fedramp_moderate_r4:AC-2(1), fedramp_moderate_r4:AC-2(f), fedramp_moderate_r4:IA-2(1),
--   fedramp_moderate_r4:IA-2(1)(2),
--   nis2:11.6.1, nis2:11.7.2
-- rationale: A virtual device lives on a telephone that can be lost, copied or taken over; a hardware key
--   cannot be read out.
-- remediation: Sign in as the root user, open Security credentials, remove the virtual device and assign a
--   FIDO2 security key or a hardware token; keep a second one in a safe.
select
  s.arn,
  iif(s.root_mfa_enabled = 1 and device.value is null, 'pass', 'fail') as status,
  case
    when coalesce(s.root_mfa_enabled, 0) <> 1 then 'the root user has no MFA device, should have a hardware one'
    when device.value is not null then 'the root user has the virtual device ' || device.value
      || ', should have a hardware one'
    else 'the root user has MFA by a hardware device'
  end as reason
from aws_iam_account_summary s, json_each(json_array((
  select min(d.serial_number)
  from aws_iam_virtual_mfa_device d
  where d.user_arn like '%:root' or d.serial_number like '%mfa/root-account-mfa-device'
))) device
where not (coalesce(s.root_password_present, 1) = 0 and coalesce(s.root_access_keys_present, 0) = 0)
