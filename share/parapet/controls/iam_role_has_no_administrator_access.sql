-- id: iam_role_has_no_administrator_access
-- title: IAM role: no role carries AdministratorAccess
-- severity: high
-- resource_type: aws_iam_role
-- frameworks: nis2:1.2.1, nis2:11.3.1
-- rationale: Whoever can use such a role, a build job or an instance for example, can do everything in the
--   account.
-- remediation: Detach it with aws iam detach-role-policy --policy-arn
--   arn:aws:iam::aws:policy/AdministratorAccess and attach a policy of what the role does; IAM Access Analyzer
--   can generate it from CloudTrail.
select
  r.arn,
  iif(admin.value = 0, 'pass', 'fail') as status,
  iif(admin.value = 0, 'AdministratorAccess is not attached',
    'AdministratorAccess is attached, should be a policy of what the role does') as reason
from aws_iam_role r, json_each(json_array(exists (
  select 1 from json_each(r.attached_policies) p
    where p.value ->> '$.PolicyArn' like 'arn:%:iam::aws:policy/AdministratorAccess'
))) admin
where r.path not like '/aws-service-role/%' and r.path not like '/aws-reserved/%'
