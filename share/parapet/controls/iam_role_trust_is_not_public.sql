-- id: iam_role_trust_is_not_public
-- title: IAM role: no role can be assumed by anyone
-- severity: critical
-- resource_type: aws_iam_role
-- rationale: A trust policy for everybody lets any AWS account in the world become the role.
-- remediation: Name the accounts or roles that may assume it as Principal, or add a condition on
--   aws:PrincipalOrgID (aws iam update-assume-role-policy).
select
  r.arn,
  iif(open.value is null, 'pass', 'fail') as status,
  iif(open.value is null, 'the trust policy names who may assume the role',
    'statement ' || open.value
      || ' of the trust policy lets anyone assume the role, should name accounts or an organisation') as reason
from aws_iam_role r, json_each(json_array((
  select min(coalesce(s.value ->> '$.Sid', s.key + 1))
  from json_each(iif(
    json_type(r.assume_role_policy, '$.Statement') = 'array',
    r.assume_role_policy -> '$.Statement', json_array(r.assume_role_policy -> '$.Statement'))) s
  where s.value ->> '$.Effect' = 'Allow'
    and (json_type(s.value, '$.NotPrincipal') is not null
      or s.value ->> '$.Principal' = '*'
      or exists (select 1 from json_each(s.value, '$.Principal.AWS') p where p.value = '*'))
    and not exists (
      select 1
      from json_each(s.value, '$.Condition') o, json_each(o.value) c
      where lower(c.key) in ('aws:sourcearn', 'aws:sourceaccount', 'aws:sourceowner', 'aws:sourceorgid',
          'aws:sourceorgpaths', 'aws:principalorgid', 'aws:principalorgpaths', 'aws:principalaccount',
          'aws:principalarn', 'aws:sourcevpc', 'aws:sourcevpce', 'kms:calleraccount')
        and lower(o.key) in ('stringequals', 'stringlike', 'arnequals', 'arnlike',
          'foranyvalue:stringequals', 'foranyvalue:stringlike', 'foranyvalue:arnequals', 'foranyvalue:arnlike')
        and not exists (select 1 from json_each(o.value, c.fullkey) v where v.value = '*')
      or lower(c.key) = 'aws:sourceip' and lower(o.key) = 'ipaddress'
        and not exists (
          select 1 from json_each(o.value, c.fullkey) v where v.value like '%/0' or v.value like '%/1'))
))) open
