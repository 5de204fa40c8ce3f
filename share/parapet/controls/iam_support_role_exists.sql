-- id: iam_support_role_exists
-- title: IAM: somebody can manage incidents with AWS Support
-- severity: low
-- resource_type: aws_account
-- frameworks: cis_aws_3.0:1.17,
--   cis_aws_5.0:1.16,
--   cis_aws_6.0:2.16,
--   cis_aws_7.0:2.15,
--   gdpr:Art.25,
--   nis2:2.1.1, nis2:2.1.2.a, nis2:2.2.1, nis2:3.1.2.d, nis2:4.3.2.a, nis2:5.1.7.b
-- rationale: When an incident needs AWS Support, somebody has to be allowed to open a case without the root
--   user.
-- remediation: Make a role for the people who handle incidents and attach AWSSupportAccess to it (aws iam
--   attach-role-policy --policy-arn arn:aws:iam::aws:policy/AWSSupportAccess).
select
  a.arn,
  iif(granted.value = 1, 'pass', 'fail') as status,
  iif(granted.value = 1, 'AWSSupportAccess is attached',
    'AWSSupportAccess is attached to nobody, should be to a role') as reason
from aws_account a, json_each(json_array(exists (
  select 1 from aws_iam_policy p where p.arn like 'arn:%:iam::aws:policy/AWSSupportAccess'
    and p.attachment_count >= 1
))) granted
