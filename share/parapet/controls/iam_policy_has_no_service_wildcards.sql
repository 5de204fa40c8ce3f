-- id: iam_policy_has_no_service_wildcards
-- title: IAM policy: customer managed policies name actions, not whole services
-- severity: low
-- resource_type: aws_iam_policy
-- frameworks: fsbp:IAM.21
-- rationale: service:* grants deletion and sharing together with reading, and every action that AWS adds to the
--   service later.
-- remediation: Replace the wildcard by the actions in use; the last accessed information of IAM lists them by
--   service.
select
  p.arn,
  iif(wide.value is null, 'pass', 'fail') as status,
  iif(wide.value is null, 'actions are named one by one', wide.value
    || ' is allowed, should be the actions in use') as reason
from aws_iam_policy p, json_each(json_array((
  select min(iif(
    json_type(s.value, '$.NotAction') is not null, 'everything but NotAction of statement '
    || coalesce(s.value ->> '$.Sid', s.key + 1), a.value))
  from json_each(policy_statements(p.document)) s,
      json_each(coalesce(s.value -> '$.Action', '[""]')) a
  where s.value ->> '$.Effect' = 'Allow'
    and (json_type(s.value, '$.NotAction') is not null or a.value like '%:*')
))) wide
where p.arn not like 'arn:%:iam::aws:policy/%'
