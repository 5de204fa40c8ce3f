-- id: iam_policy_assume_role_is_restricted
-- title: IAM policy: no customer managed policy lets its holder assume every role
-- severity: high
-- resource_type: aws_iam_policy
-- rationale: Who may assume every role gets the rights of the strongest of them.
-- remediation: Name the ARNs of the roles as Resource of sts:AssumeRole and make the policy's new version the
--   default.
select
  p.arn,
  iif(wide.value is null, 'pass', 'fail') as status,
  iif(wide.value is null, 'no statement allows sts:AssumeRole on all roles', 'statement ' || wide.value
    || ' allows sts:AssumeRole on all roles, should name roles') as reason
from aws_iam_policy p, json_each(json_array((
  select min(coalesce(s.value ->> '$.Sid', s.key + 1))
  from json_each(policy_statements(p.document)) s
  where s.value ->> '$.Effect' = 'Allow'
    and (json_type(s.value, '$.NotAction') is not null
      or exists (select 1 from json_each(s.value, '$.Action') a where 'sts:assumerole' glob lower(a.value)))
    and (json_type(s.value, '$.NotResource') is not null
      or exists (select 1 from json_each(s.value, '$.Resource') r where r.value = '*'))
))) wide
where p.arn not like 'arn:%:iam::aws:policy/%'
