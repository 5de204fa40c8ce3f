-- id: iam_policy_does_not_decrypt_with_all_keys
-- title: IAM policy: no customer managed policy may decrypt with every key
-- severity: medium
-- resource_type: aws_iam_policy
-- frameworks: fsbp:KMS.1
-- rationale: Who may decrypt with every key reads every encrypted bucket, volume and parameter that the other
--   permissions reach.
-- remediation: Name the ARNs of the keys as Resource, or restrict by the condition kms:ViaService.
select
  p.arn,
  iif(wide.value is null, 'pass', 'fail') as status,
  iif(wide.value is null, 'no statement allows decryption with all keys', 'statement ' || wide.value
    || ' allows decryption with all keys, should name keys') as reason
from aws_iam_policy p, json_each(json_array((
  select min(coalesce(s.value ->> '$.Sid', s.key + 1))
  from json_each(policy_statements(p.document)) s
  where s.value ->> '$.Effect' = 'Allow'
    and (json_type(s.value, '$.NotAction') is not null
      or exists (select 1 from json_each(s.value, '$.Action') a where 'kms:decrypt' glob lower(a.value)
        or 'kms:reencryptfrom' glob lower(a.value)))
    and (json_type(s.value, '$.NotResource') is not null
      or exists (select 1 from json_each(s.value, '$.Resource') r where r.value = '*'
        or r.value glob 'arn:*:kms:[*]:[*]:key/[*]'))
))) wide
where p.arn not like 'arn:%:iam::aws:policy/%'
