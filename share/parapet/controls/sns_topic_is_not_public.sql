-- id: sns_topic_is_not_public
-- title: The SNS topic's policy is not public
-- severity: high
-- resource_type: aws_sns_topic
-- frameworks: cis_aws_7.0:2.21,
--   fsbp:SNS.4,
--   iso_27001_2022:A.8.1
-- rationale: Strangers who may publish put false alarms and links before your people; strangers who may
--   subscribe read along.
-- remediation: Name accounts as Principal of the statement that the reason names, or add a condition on
--   aws:SourceAccount or aws:PrincipalOrgID (aws sns set-topic-attributes --attribute-name Policy).
select
  t.arn,
  iif(open.value is null, 'pass', 'fail') as status,
  iif(open.value is null, 'the policy names who may use the topic',
    'statement ' || open.value || ' of the policy is open to anyone, should name accounts') as reason
from aws_sns_topic t, json_each(json_array((
  select min(coalesce(s.value ->> '$.Sid', s.key + 1))
  from json_each(iif(
    json_type(t.policy, '$.Statement') = 'array',
    t.policy -> '$.Statement', json_array(t.policy -> '$.Statement'))) s
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
