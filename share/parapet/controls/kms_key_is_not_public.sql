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
  from json_each(policy_statements(k.policy)) s
  where policy_statement_is_open(s.value)
))) open
where k.key_manager = 'CUSTOMER'
