-- id: iam_password_policy_requires_lowercase
-- title: IAM password policy: passwords need a lower-case letter
-- severity: low
-- resource_type: aws_iam_account_password_policy
-- frameworks: fsbp:IAM.7, fsbp:IAM.10,
--   nist_800_171_r2:3.5.7,
--   iso_27001_2022:A.5.15,
--   hipaa:164.308(a)(5)(ii)(D),
--   gdpr:Art.25,
--   nis2:9.2.c.v, nis2:11.6.2.a
-- rationale: A larger alphabet makes every guess less likely to hit.
-- remediation: In IAM open Account settings, Password policy, Edit, Custom; or repeat the policy with aws iam
--   update-account-password-policy --require-lowercase-characters (the command resets what it is not given).
select
  p.arn,
  iif(p.require_lowercase, 'pass', 'fail') as status,
  case
    when p.policy is null
      then 'the account has no password policy, should have one that asks for a lower-case letter'
    when p.require_lowercase then 'passwords need a lower-case letter'
    else 'passwords need not have a lower-case letter' || ', should need one'
  end as reason
from aws_iam_account_password_policy p
