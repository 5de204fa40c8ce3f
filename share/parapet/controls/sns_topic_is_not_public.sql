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
  from json_each(policy_statements(t.policy)) s
  where policy_statement_is_open(s.value)
))) open
