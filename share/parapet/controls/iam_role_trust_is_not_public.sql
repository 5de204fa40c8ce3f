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
  from json_each(policy_statements(r.assume_role_policy)) s
  where policy_statement_is_open(s.value)
))) open
