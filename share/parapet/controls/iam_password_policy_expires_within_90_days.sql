-- id: iam_password_policy_expires_within_90_days
-- title: IAM password policy: passwords expire after 90 days or sooner
-- severity: low
-- resource_type: aws_iam_account_password_policy
-- frameworks: fsbp:IAM.7, fsbp:IAM.10,
--   nist_800_171_r2:3.5.5, nist_800_171_r2:3.5.6, nist_800_171_r2:3.5.7, nist_800_171_r2:3.5.8,
--   pci_dss_4.0:8.3.6, pci_dss_4.0:8.6.3,
--   iso_27001_2022:A.5.15,
--   nis2:1.1.1.d, nis2:1.1.2, nis2:9.2.c.v, nis2:11.6.2.a
-- rationale: A stolen password that nobody noticed stops working when it expires.
-- remediation: In IAM open Account settings, Password policy, Edit, Custom; or repeat the policy with aws iam
--   update-account-password-policy --max-password-age 90 (the command resets what it is not given).
select
  p.arn,
  iif(p.expire_passwords and p.max_password_age <= 90, 'pass', 'fail') as status,
  case
    when p.policy is null
      then 'the account has no password policy, should have one that lets passwords expire after 90 days or sooner'
    when p.expire_passwords and p.max_password_age <= 90 then 'passwords expire after ' || p.max_password_age
      || ' days'
    else iif(p.expire_passwords, 'passwords expire after ' || p.max_password_age || ' days',
      'passwords never expire') || ', should expire after 90 days or sooner'
  end as reason
from aws_iam_account_password_policy p
