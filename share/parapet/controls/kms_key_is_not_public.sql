-- id: kms_key_is_not_public
-- title: KMS key: no key policy is open to everyone
-- severity: critical
-- resource_type: aws_kms_key
-- frameworks: cis_aws_7.0:2.21,
--   fsbp:KMS.5,
--   iso_27001_2022:A.8.1,
--   nis2:9.2.c
-- rationale: A key policy for everybody lets any AWS account decrypt what the key protects.
-- remediation: Name the accounts or roles as Principal of the statement that the reason names, or add a
--   condition on kms:CallerAccount or aws:PrincipalOrgID (aws kms put-key-policy).
select
  k.arn,
  iif(open.value is null, 'pass', 'fail') as status,
  iif(open.value is null, 'the key policy names who may use the key',
    'statement ' || open.value
      || ' of the key policy is open to anyone, should name accounts or roles') as reason
from aws_kms_key k, json_each(json_array((
  select min(coalesce(s.value ->> '$.Sid', s.key + 1))
  from json_each(iif(
    json_type(k.policy, '$.Statement') = 'array',
    k.policy -> '$.Statement', json_array(k.policy -> '$.Statement'))) s
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
where k.key_manager = 'CUSTOMER'
