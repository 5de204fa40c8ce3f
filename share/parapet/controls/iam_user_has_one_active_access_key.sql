-- id: iam_user_has_one_active_access_key
-- title: An IAM user has one active access key at most
-- severity: medium
-- resource_type: aws_iam_user
-- frameworks: cis_aws_3.0:1.13,
--   cis_aws_5.0:1.12,
--   cis_aws_6.0:2.12,
--   nis2:9.2.c
-- rationale: A second active key doubles what can leak and is usually a rotation that nobody finished.
-- remediation: Find which key is in use (aws iam get-access-key-last-used), move its users to one key, then aws
--   iam update-access-key --status Inactive and, after a while, delete-access-key on the other.
select
  u.arn,
  iif(active.value <= 1, 'pass', 'fail') as status,
  iif(active.value <= 1, 'the user has '
    || iif(active.value = 1, 'one active access key', 'no active access key'),
    'the user has ' || active.value || ' active access keys, should have one at most') as reason
from aws_iam_user u, json_each(json_array((
  select count(*) from json_each(u.access_keys) k where k.value ->> '$.Status' = 'Active'
))) active
