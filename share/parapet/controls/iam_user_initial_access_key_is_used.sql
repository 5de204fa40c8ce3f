-- id: iam_user_initial_access_key_is_used
-- title: IAM credentials: no console user still has the unused key made with the account
-- severity: medium
-- resource_type: aws_iam_credential_report
-- frameworks: cis_aws_3.0:1.11,
--   cis_aws_5.0:1.10,
--   cis_aws_6.0:2.10,
--   nis2:9.2.c, nis2:9.2.c.iii
-- rationale: A key that was made with the user and never used was made because a box was ticked; it only waits
--   to leak.
-- remediation: Delete the key with aws iam delete-access-key; make one when a program needs it.
select
  r.arn,
  iif(idle.value is null, 'pass', 'fail') as status,
  iif(idle.value is null, 'no key made with the user lies unused',
    idle.value || ' was made with the user and never used, should be deleted') as reason
from aws_iam_credential_report r, json_each(json_array((
  select min(k.value ->> 0)
  from json_each(json_array(
    json_array('access key 1', r.access_key_1_active, r.access_key_1_last_used_date,
      r.access_key_1_last_rotated),
    json_array('access key 2', r.access_key_2_active, r.access_key_2_last_used_date,
      r.access_key_2_last_rotated))) k
  where k.value ->> 1 = 'true' and k.value ->> 2 = 'N/A'
    and abs(julianday(k.value ->> 3) - julianday(r.user_creation_time)) * 24 * 60 <= 5
))) idle
where r.user_name <> '<root_account>' and r.password_enabled = 'true'
