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
  from json_each(policy_statements(f.policy)) s
  where policy_statement_is_open(s.value)
    and not exists (
      select 1
      from json_each(s.value, '$.Condition') o, json_each(o.value) c
      where lower(c.key) = 'elasticfilesystem:accessedviamounttarget')
))) open
