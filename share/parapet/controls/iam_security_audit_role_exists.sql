-- id: iam_security_audit_role_exists
-- title: IAM: a role for security audits exists
-- severity: low
-- resource_type: aws_account
-- frameworks: iso_27001_2022:A.5.3,
--   nis2:1.2.4, nis2:2.1.1, nis2:2.1.2.a, nis2:2.1.2.e, nis2:2.1.2.f, nis2:2.2.1, nis2:2.3.1,
--   nis2:3.1.2.c, nis2:3.1.3, nis2:6.2.2.a, nis2:7.2.d, nis2:7.2.e, nis2:7.2.f
-- rationale: Whoever reviews the account needs to read its configuration, and nothing else.
-- remediation: Make a role for reviewers and attach SecurityAudit to it (aws iam attach-role-policy
--   --policy-arn arn:aws:iam::aws:policy/SecurityAudit).
select
  a.arn,
  iif(granted.value = 1, 'pass', 'fail') as status,
  iif(granted.value = 1, 'SecurityAudit is attached',
    'SecurityAudit is attached to nobody, should be to a role') as reason
from aws_account a, json_each(json_array(exists (
  select 1 from aws_iam_policy p where p.arn like 'arn:%:iam::aws:policy/SecurityAudit'
    and p.attachment_count >= 1
))) granted
