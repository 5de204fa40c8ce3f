-- id: iam_role_cross_account_readonly_is_not_granted
-- title: IAM role: no foreign account reads everything through ReadOnlyAccess
-- severity: high
-- resource_type: aws_iam_role
-- rationale: ReadOnlyAccess reads data as well as configuration: every object, table and message of the
--   account.
-- remediation: Attach SecurityAudit or ViewOnlyAccess, or a policy of what the other side needs, instead of
--   ReadOnlyAccess.
select
  r.arn,
  iif(reader.value = 0, 'pass', 'fail') as status,
  iif(reader.value = 0, 'other accounts do not read everything',
    shared.value || ' may assume the role, which has ReadOnlyAccess, should have less') as reason
from aws_iam_role r, json_each(json_array((
  select min(p.value)
  from json_each(policy_statements(r.assume_role_policy)) s,
      json_each(s.value, '$.Principal.AWS') p,
    json_each(json_array(
      iif(p.value like 'arn:%', substr(p.value, instr(p.value, '::') + 2, 12), p.value))) other
  where s.value ->> '$.Effect' = 'Allow'
    and length(other.value) = 12 and other.value not glob '*[^0-9]*' and other.value <> r.account_id
))) shared, json_each(json_array(exists (
  select 1 from json_each(r.attached_policies) p
    where p.value ->> '$.PolicyArn' like 'arn:%:iam::aws:policy/ReadOnlyAccess'
))) reader
where shared.value is not null
