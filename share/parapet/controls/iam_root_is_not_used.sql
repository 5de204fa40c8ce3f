-- id: iam_root_is_not_used
-- title: IAM credentials: the root user has not been used of late
-- severity: high
-- resource_type: aws_iam_credential_report
-- frameworks: cis_aws_3.0:1.7,
--   cis_aws_5.0:1.6,
--   cis_aws_6.0:2.6,
--   cis_aws_7.0:2.7,
--   iso_27001_2022:A.5.15,
--   nis2:6.7.2.e, nis2:11.3.2.b, nis2:11.3.2.c, nis2:11.4.2.a
-- rationale: The root user leaves no trace of who acted and cannot be restricted; daily work belongs to roles.
-- remediation: Give whoever used it a role with what the work needs; keep the root user's credentials for the
--   few tasks that need them.
select
  r.arn,
  iif(used.value is null, 'pass', 'fail') as status,
  iif(used.value is null, 'the root user was not used in the day before the report',
    'the root user was used on ' || substr(used.value, 1, 10)
      || ', should not be used for daily work') as reason
from aws_iam_credential_report r, json_each(json_array((
  select max(seen.value)
  from json_each(
    json_array(r.password_last_used, r.access_key_1_last_used_date, r.access_key_2_last_used_date)) seen
  where julianday(seen.value) >= julianday(r.generated_time) - 1
))) used
where r.user_name = '<root_account>'
