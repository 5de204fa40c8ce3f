-- id: iam_password_policy_minimum_length_is_14
-- title: IAM password policy: passwords of IAM users have at least 14 characters
-- severity: medium
-- resource_type: aws_iam_account_password_policy
-- frameworks: cis_aws_3.0:1.8,
--   cis_aws_5.0:1.7,
--   cis_aws_6.0:2.7,
--   cis_aws_7.0:2.8,
--   fsbp:IAM.7,
--   nist_800_53_r5:AC-2(1), nist_800_53_r5:AC-2(3), nist_800_53_r5:AC-2(3)(a),
--   nist_800_53_r5:AC-2(3)(b), nist_800_53_r5:AC-2(3)(c), nist_800_53_r5:AC-2(3)(d),
--   nist_800_53_r5:AC-2(d)(1), nist_800_53_r5:AC-3(3), nist_800_53_r5:AC-3(3)(a),
--   nist_800_53_r5:AC-3(3)(b)(1), nist_800_53_r5:AC-3(3)(b)(2), nist_800_53_r5:AC-3(3)(b)(3),
--   nist_800_53_r5:AC-3(3)(b)(4), nist_800_53_r5:AC-3(3)(b)(5), nist_800_53_r5:AC-3(3)(c),
--   nist_800_53_r5:AC-3(4), nist_800_53_r5:AC-3(4)(a), nist_800_53_r5:AC-3(4)(b), nist_800_53_r5:AC-3(4)(c),
--   nist_800_53_r5:AC-3(4)(d), nist_800_53_r5:AC-3(4)(e), nist_800_53_r5:AC-3(8), nist_800_53_r5:AC-3(12)(a),
--   nist_800_53_r5:AC-3(13), nist_800_53_r5:AC-3(15)(a), nist_800_53_r5:AC-3(15)(b), nist_800_53_r5:AC-4(28),
--   nist_800_53_r5:AC-7(4), nist_800_53_r5:AC-7(4)(a), nist_800_53_r5:AC-24, nist_800_53_r5:CM-5(1)(a),
--   nist_800_53_r5:CM-6(a), nist_800_53_r5:CM-9(b), nist_800_53_r5:CM-12(b), nist_800_53_r5:IA-4(d),
--   nist_800_53_r5:IA-5, nist_800_53_r5:IA-5(1)(f), nist_800_53_r5:IA-5(1)(g), nist_800_53_r5:IA-5(1)(h),
--   nist_800_53_r5:IA-5(18)(a), nist_800_53_r5:IA-5(18)(b), nist_800_53_r5:IA-5(b), nist_800_53_r5:IA-5(c),
--   nist_800_53_r5:IA-5(d), nist_800_53_r5:IA-5(f), nist_800_53_r5:IA-5(h), nist_800_53_r5:IA-8(2)(b),
--   nist_800_53_r5:MA-4(c), nist_800_53_r5:SC-23(3),
--   nist_800_171_r2:3.5.7,
--   iso_27001_2022:A.5.15,
--   hipaa:164.308(a)(5)(ii)(D),
--   gdpr:Art.25,
--   fedramp_moderate_r4:AC-2(1), fedramp_moderate_r4:AC-2(3), fedramp_moderate_r4:AC-2(f),
--   fedramp_moderate_r4:AC-2(j), fedramp_moderate_r4:AC-5(c), fedramp_moderate_r4:IA-2,
--   fedramp_moderate_r4:IA-5(1)(a)(d)(e), fedramp_moderate_r4:IA-5(4),
--   nis2:9.2.c.v
-- rationale: Short passwords fall to guessing within hours once a hash or a sign-in form is exposed; length
--   helps more than any other rule.
-- remediation: In IAM open Account settings, Password policy, Edit, Custom; or repeat the policy with aws iam
--   update-account-password-policy --minimum-password-length 14 (the command resets what it is not given).
select
  p.arn,
  iif(p.minimum_password_length >= 14, 'pass', 'fail') as status,
  case
    when p.policy is null then 'the account has no password policy, should have one that asks for 14 characters'
    when p.minimum_password_length >= 14 then 'passwords have at least ' || p.minimum_password_length
      || ' characters'
    else 'the minimum length is ' || coalesce(p.minimum_password_length, 6) || ', should be 14 or more'
  end as reason
from aws_iam_account_password_policy p
