-- id: iam_password_policy_requires_number
-- title: IAM password policy: passwords need a digit
-- severity: low
-- resource_type: aws_iam_account_password_policy
-- frameworks: fsbp:IAM.7, fsbp:IAM.10,
--   nist_800_171_r2:3.5.7,
--   iso_27001_2022:A.5.15,
--   hipaa:164.308(a)(5)(ii)(D),
--   gdpr:Art.25,
--   nis2:9.2.c.v
-- rationale: Word lists are tried first; a required digit takes plain words out of reach.
-- remediation: In IAM open Account settings, Password policy, Edit, Custom; or repeat the policy with aws iam
--   update-account-password-policy --require-numbers (the command resets what it is not given).
select
  p.arn,
  iif(p.require_numbers, 'pass', 'fail') as status,
  case
    when p.policy is null then 'the account has no password policy, should have one that asks for a digit'
    when p.require_numbers then 'passwords need a digit'
    else 'passwords need not have a digit' || ', should need one'
  end as reason
from aws_iam_account_password_policy p
