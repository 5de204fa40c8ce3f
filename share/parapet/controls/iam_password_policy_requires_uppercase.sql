-- id: iam_password_policy_requires_uppercase
-- title: IAM password policy: passwords need an upper-case letter
-- severity: low
-- resource_type: aws_iam_account_password_policy
-- frameworks: fsbp:IAM.7, fsbp:IAM.10,
--   nist_800_171_r2:3.5.7,
--   iso_27001_2022:A.5.15,
--   hipaa:164.308(a)(5)(ii)(D),
--   gdpr:Art.25,
--   nis2:9.2.c.v
-- rationale: A larger alphabet makes every guess less likely to hit.
-- remediation: In IAM open Account settings, Password policy, Edit, Custom; or repeat the policy with aws iam
--   update-account-password-policy --require-uppercase-characters (the command resets what it is not given).
select
  p.arn,
  iif(p.require_uppercase, 'pass', 'fail') as status,
  case
    when p.policy is null
      then 'the account has no password policy, should have one that asks for an upper-case letter'
    when p.require_uppercase then 'passwords need an upper-case letter'
    else 'passwords need not have an upper-case letter' || ', should need one'
  end as reason
from aws_iam_account_password_policy p
