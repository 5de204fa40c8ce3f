-- id: iam_user_credentials_unused_90_days_are_disabled
-- title: IAM credentials: credentials unused for 90 days are switched off
-- severity: medium
-- resource_type: aws_iam_credential_report
-- frameworks: fsbp:IAM.8,
--   nist_800_53_r5:AC-2(1), nist_800_53_r5:AC-2(3), nist_800_53_r5:AC-2(3)(a),
--   nist_800_53_r5:AC-2(3)(b), nist_800_53_r5:AC-2(3)(c), nist_800_53_r5:AC-2(3)(d), nist_800_53_r5:AC-2(6),
--   nist_800_53_r5:AC-2(g), nist_800_53_r5:AC-2(j), nist_800_53_r5:AC-3, nist_800_53_r5:AC-3(3),
--   nist_800_53_r5:AC-3(3)(a), nist_800_53_r5:AC-3(3)(b)(1), nist_800_53_r5:AC-3(3)(b)(2),
--   nist_800_53_r5:AC-3(3)(b)(3), nist_800_53_r5:AC-3(3)(b)(4), nist_800_53_r5:AC-3(3)(b)(5),
--   nist_800_53_r5:AC-3(3)(c), nist_800_53_r5:AC-3(4), nist_800_53_r5:AC-3(4)(a), nist_800_53_r5:AC-3(4)(b),
--   nist_800_53_r5:AC-3(4)(c), nist_800_53_r5:AC-3(4)(d), nist_800_53_r5:AC-3(4)(e), nist_800_53_r5:AC-3(7),
--   nist_800_53_r5:AC-3(8), nist_800_53_r5:AC-3(12)(a), nist_800_53_r5:AC-3(13), nist_800_53_r5:AC-3(15)(a),
--   nist_800_53_r5:AC-3(15)(b), nist_800_53_r5:AC-4(28), nist_800_53_r5:AC-6, nist_800_53_r5:AC-24,
--   nist_800_53_r5:CM-5(1)(a), nist_800_53_r5:CM-6(a), nist_800_53_r5:CM-9(b), nist_800_53_r5:MP-2,
--   nist_800_53_r5:SC-23(3),
--   nist_csf_1.1:PR.AC-1, nist_csf_1.1:PR.AC-4,
--   nist_800_171_r2:3.1.1, nist_800_171_r2:3.1.2, nist_800_171_r2:3.1.4, nist_800_171_r2:3.1.5,
--   nist_800_171_r2:3.5.6, nist_800_171_r2:3.5.7, nist_800_171_r2:3.5.8,
--   pci_dss_4.0:7.2.4, pci_dss_4.0:7.2.5.1, pci_dss_4.0:8.2.6, pci_dss_4.0:A3.4.1,
--   soc2:CC1.3,
--   iso_27001_2022:A.5.15,
--   hipaa:164.308(a)(3)(ii)(B), hipaa:164.308(a)(4)(ii)(B), hipaa:164.308(a)(5)(ii)(D),
--   gdpr:Art.25,
--   fedramp_moderate_r4:AC-2(1), fedramp_moderate_r4:AC-2(3), fedramp_moderate_r4:AC-2(f),
--   fedramp_moderate_r4:AC-2(j), fedramp_moderate_r4:AC-3, fedramp_moderate_r4:AC-5(c),
--   fedramp_moderate_r4:AC-6,
--   nis2:11.3.2.d, nis2:11.5.4
-- rationale: Credentials that nobody used for a quarter are credentials that nobody would miss when somebody
--   else uses them.
-- remediation: Take the password away with aws iam delete-login-profile and switch keys off with aws iam
--   update-access-key --status Inactive; delete the user once nobody asks for it.
select
  r.arn,
  iif(idle.value is null, 'pass', 'fail') as status,
  iif(idle.value is null, 'no active credential is unused for more than 90 days',
    idle.value || ' unused for more than 90 days, should be switched off') as reason
from aws_iam_credential_report r, json_each(json_array((
  select group_concat(credential.value ->> 0, ' and ') || iif(count(*) = 1, ' is', ' are')
  from json_each(json_array(
    json_array('the password', r.password_enabled, r.password_last_used, r.password_last_changed),
    json_array('access key 1', r.access_key_1_active, r.access_key_1_last_used_date,
      r.access_key_1_last_rotated),
    json_array('access key 2', r.access_key_2_active, r.access_key_2_last_used_date,
      r.access_key_2_last_rotated))) credential
  where credential.value ->> 1 = 'true'
    and coalesce(julianday(credential.value ->> 2), julianday(credential.value ->> 3), 0)
      < julianday(assessed_at()) - 90
  having count(*) > 0
))) idle
where r.user_name <> '<root_account>'
