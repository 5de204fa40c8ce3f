-- id: iam_password_policy_reuse_is_prevented
-- title: IAM password policy: the last 24 passwords cannot be used again
-- severity: medium
-- resource_type: aws_iam_account_password_policy
-- frameworks: cis_aws_3.0:1.9,
--   cis_aws_5.0:1.8,
--   cis_aws_6.0:2.8,
--   cis_aws_7.0:2.9,
--   fsbp:IAM.7, fsbp:IAM.10,
--   nist_csf_1.1:PR.AC-1,
--   nist_800_171_r2:3.5.5, nist_800_171_r2:3.5.6, nist_800_171_r2:3.5.7, nist_800_171_r2:3.5.8,
--   iso_27001_2022:A.5.15,
--   hipaa:164.308(a)(4)(ii)(B), hipaa:164.308(a)(5)(ii)(D), hipaa:164.312(d),
--   gdpr:Art.25,
--   nis2:9.2.c.v
-- rationale: A password that leaked once must not come back after the next change.
-- remediation: In IAM open Account settings, Password policy, Edit, Custom; or repeat the policy with aws iam
--   update-account-password-policy --password-reuse-prevention 24 (the command resets what it is not given).
select
  p.arn,
  iif(p.password_reuse_prevention >= 24, 'pass', 'fail') as status,
  case
    when p.policy is null
      then 'the account has no password policy, should have one that refuses the last 24 passwords'
    when p.password_reuse_prevention >= 24 then 'the last ' || p.password_reuse_prevention
      || ' passwords cannot be used again'
    else iif(p.password_reuse_prevention is null, 'old passwords can be used again', 'only the last '
      || p.password_reuse_prevention || ' passwords are refused') || ', should refuse the last 24'
  end as reason
from aws_iam_account_password_policy p
