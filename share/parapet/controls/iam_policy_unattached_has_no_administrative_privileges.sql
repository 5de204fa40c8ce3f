-- id: iam_policy_unattached_has_no_administrative_privileges
-- title: IAM policy: no unused customer managed policy grants everything
-- severity: medium
-- resource_type: aws_iam_policy
-- frameworks: iso_27001_2022:A.8.2
-- rationale: A policy that grants everything needs one attach call to become an administrator, and nobody looks
--   at policies that are not in use.
-- remediation: Delete it with aws iam delete-policy, its older versions first.
select
  p.arn,
  iif(wide.value is null, 'pass', 'fail') as status,
  iif(wide.value is null, 'no statement allows everything', 'statement ' || wide.value
    || ' allows all actions on all resources, should name what is needed or go') as reason
from aws_iam_policy p, json_each(json_array((
  select min(coalesce(s.value ->> '$.Sid', s.key + 1))
  from json_each(policy_statements(p.document)) s
  where s.value ->> '$.Effect' = 'Allow'
    and (json_type(s.value, '$.NotAction') is not null
      or exists (select 1 from json_each(s.value, '$.Action') a where a.value in ('*', '*:*')))
    and (json_type(s.value, '$.NotResource') is not null
      or exists (select 1 from json_each(s.value, '$.Resource') r where r.value = '*'))
))) wide
where p.arn not like 'arn:%:iam::aws:policy/%' and p.attachment_count = 0
