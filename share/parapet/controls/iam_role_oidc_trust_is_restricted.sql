-- id: iam_role_oidc_trust_is_restricted
-- title: IAM role: roles for web identity providers pin audience and subject
-- severity: high
-- resource_type: aws_iam_role
-- rationale: A provider such as GitHub signs tokens for everybody; a role that does not pin the repository can
--   be assumed from any of them.
-- remediation: Add StringEquals on PROVIDER:aud and, for a shared provider, StringEquals or StringLike on
--   PROVIDER:sub with the repository or project (aws iam update-assume-role-policy).
select
  r.arn,
  iif(loose.value is null, 'pass', 'fail') as status,
  iif(loose.value is null, 'audience and subject of the tokens are pinned',
    loose.value || ', should be pinned by a condition') as reason
from aws_iam_role r, json_each(json_array((
  select min(provider.value || iif(pinned.value ->> 0, ' pins no subject', ' pins no audience'))
  from json_each(policy_statements(r.assume_role_policy)) s,
      json_each(s.value, '$.Principal.Federated') p,
    json_each(json_array(substr(p.value, instr(p.value, ':oidc-provider/') + 15))) provider,
    json_each(json_array(json_array(
      exists (
        select 1 from json_each(s.value, '$.Condition') o, json_each(o.value) c
        where lower(c.key) = lower(provider.value) || ':aud'
          and lower(o.key) in ('stringequals', 'foranyvalue:stringequals')),
      exists (
        select 1 from json_each(s.value, '$.Condition') o, json_each(o.value) c
        where lower(c.key) = lower(provider.value) || ':sub' and lower(o.key) in ('stringequals', 'stringlike')
          and not exists (select 1 from json_each(o.value, c.fullkey) v where v.value = '*'))))) pinned
  where s.value ->> '$.Effect' = 'Allow' and p.value like '%:oidc-provider/%'
    and (not pinned.value ->> 0
      or not pinned.value ->> 1 and (provider.value like 'token.actions.githubusercontent.com%'
        or provider.value like 'gitlab.com%' or provider.value like 'app.terraform.io%'))
))) loose
where exists (
  select 1
  from json_each(policy_statements(r.assume_role_policy)) s,
      json_each(s.value, '$.Principal.Federated') p
  where s.value ->> '$.Effect' = 'Allow' and p.value like '%:oidc-provider/%')
