-- id: s3_bucket_public_access_is_blocked
-- title: The S3 bucket blocks public access
-- severity: high
-- resource_type: aws_s3_bucket
-- frameworks: cis_aws_3.0:2.1.4,
--   cis_aws_5.0:2.1.4,
--   cis_aws_6.0:3.1.4,
--   cis_aws_7.0:3.1.4,
--   fsbp:S3.8
-- rationale: With public access blocked, a policy or ACL that is public by mistake has no effect.
-- remediation: In the bucket's Permissions turn on Block all public access, or run aws s3api
--   put-public-access-block with all four true; better still, turn it on for the account.
select
  b.arn,
  iif(off.value is null, 'pass', 'fail') as status,
  iif(off.value is null, 'the bucket or the account blocks public access',
    off.value || ' off for the bucket and for the account, should be on') as reason
from aws_s3_bucket b, json_each(json_array((
  select group_concat(setting.value ->> 0, ', ') || iif(count(*) = 1, ' is', ' are')
  from json_each(json_array(
    json_array('BlockPublicAcls',
      iif(exists (select 1 from aws_s3_account_settings a where a.block_public_acls), 1, b.block_public_acls)),
    json_array('IgnorePublicAcls',
      iif(exists (select 1 from aws_s3_account_settings a where a.ignore_public_acls), 1,
        b.ignore_public_acls)),
    json_array('BlockPublicPolicy',
      iif(exists (select 1 from aws_s3_account_settings a where a.block_public_policy), 1,
        b.block_public_policy)),
    json_array('RestrictPublicBuckets',
      iif(exists (select 1 from aws_s3_account_settings a where a.restrict_public_buckets), 1,
        b.restrict_public_buckets)))) setting
  where coalesce(setting.value ->> 1, 0) = 0
  having count(*) > 0
))) off
