-- id: cloudtrail_bucket_mfa_delete_is_enabled
-- title: CloudTrail trail: deleting trail files needs MFA
-- severity: medium
-- resource_type: aws_cloudtrail_trail
-- frameworks: nis2:11.7.2
-- rationale: With MFA delete, stolen credentials alone cannot destroy the record of what was done with them.
-- remediation: As the root user run aws s3api put-bucket-versioning --versioning-configuration
--   Status=Enabled,MFADelete=Enabled --mfa 'SERIAL CODE' on the trail's bucket.
select
  t.arn,
  iif(b.mfa_delete = 'Enabled', 'pass', 'fail') as status,
  iif(b.mfa_delete = 'Enabled', 'deleting versions in ' || b.bucket_name || ' needs MFA',
    'MFA delete of the bucket ' || b.bucket_name || ' is ' || coalesce(b.mfa_delete, 'off')
      || ', should be Enabled') as reason
from aws_cloudtrail_trail t join aws_s3_bucket b on b.bucket_name = t.s3_bucket_name
where substr(t.arn, instr(t.arn, ':' || t.home_region || ':') + length(t.home_region) + 2, 12) = t.account_id
