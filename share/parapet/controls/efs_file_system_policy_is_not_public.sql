-- id: efs_file_system_policy_is_not_public
-- title: EFS file system: the file system's policy is not public
-- severity: medium
-- resource_type: aws_efs_file_system
-- frameworks: iso_27001_2022:A.8.1,
--   nis2:11.1.1
-- rationale: Without a policy, or with one for everybody, whoever reaches the network may mount the file system
--   and change it.
-- remediation: Put a policy that names roles, or requires elasticfilesystem:AccessedViaMountTarget (aws efs
--   put-file-system-policy).
select
  f.arn,
  iif(f.policy is not null and open.value is null, 'pass', 'fail') as status,
  case
    when f.policy is null then 'the file system has no policy, should have one that names who may mount it'
    when open.value is not null then 'statement ' || open.value
      || ' of the policy is open to anyone, should name roles'
    else 'the policy names who may mount the file system'
  end as reason
from aws_efs_file_system f, json_each(json_array((
  select min(coalesce(s.value ->> '$.Sid', s.key + 1))
  from json_each(iif(
    json_type(f.policy, '$.Statement') = 'array',
    f.policy -> '$.Statement', json_array(f.policy -> '$.Statement'))) s
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
    and not exists (
      select 1
      from json_each(s.value, '$.Condition') o, json_each(o.value) c
      where lower(c.key) = 'elasticfilesystem:accessedviamounttarget')
))) open
