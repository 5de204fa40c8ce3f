-- id: iam_role_cross_account_trust_requires_external_id
-- title: IAM role: roles trusted by other accounts need an external ID or an organisation
-- severity: high
-- resource_type: aws_iam_role
-- rationale: A provider who holds many customers' role ARNs can be tricked into using yours for another
--   customer; an external ID of your own prevents it.
-- remediation: Add StringEquals on sts:ExternalId with a value agreed with the other side, or on
--   aws:PrincipalOrgID for accounts of your own organisation (aws iam update-assume-role-policy).
select
  r.arn,
  iif(loose.value is null, 'pass', 'fail') as status,
  iif(loose.value is null, 'other accounts need an external ID, the organisation or MFA to assume the role',
    loose.value || ' may assume the role without a condition, should need an external ID or the organisation') as reason
from aws_iam_role r, json_each(json_array(exists (
  select 1
  from json_each(policy_statements(r.assume_role_policy)) s,
      json_each(s.value, '$.Principal.AWS') p,
    json_each(json_array(
      iif(p.value like 'arn:%', substr(p.value, instr(p.value, '::') + 2, 12), p.value))) other
  where s.value ->> '$.Effect' = 'Allow'
    and length(other.value) = 12 and other.value not glob '*[^0-9]*' and other.value <> r.account_id
))) shared, json_each(json_array((
  select min(p.value)
  from json_each(policy_statements(r.assume_role_policy)) s,
      json_each(s.value, '$.Principal.AWS') p,
    json_each(json_array(
      iif(p.value like 'arn:%', substr(p.value, instr(p.value, '::') + 2, 12), p.value))) other
  where s.value ->> '$.Effect' = 'Allow'
    and length(other.value) = 12 and other.value not glob '*[^0-9]*' and other.value <> r.account_id
    and not exists (
      select 1
      from json_each(s.value, '$.Condition') o, json_each(o.value) c
      where lower(c.key) in ('sts:externalid', 'aws:principalorgid') and lower(o.key) = 'stringequals'
        or lower(c.key) = 'aws:multifactorauthpresent' and lower(o.key) = 'bool')
))) loose
where shared.value = 1
