-- id: cloudtrail_bucket_access_logging_is_enabled
-- title: CloudTrail trail: access to the trail's bucket is logged
-- severity: low
-- resource_type: aws_cloudtrail_trail
-- frameworks: cis_aws_3.0:3.4,
--   cis_aws_5.0:3.4,
--   cis_aws_6.0:4.4,
--   cis_aws_7.0:4.4,
--   fsbp:CloudTrail.7,
--   soc2:A1.2,
--   iso_27001_2022:A.8.15, iso_27001_2022:A.8.16,
--   gdpr:Art.25,
--   nis2:3.2.3.c, nis2:11.1.1, nis2:11.2.2.f
-- rationale: Access logs of the trail's bucket show who read or tried to remove the record.
-- remediation: Turn on server access logging of the bucket that the reason names, with another bucket as target
--   (aws s3api put-bucket-logging).
select
  t.arn,
  iif(b.logging_target_bucket is not null, 'pass', 'fail') as status,
  iif(b.logging_target_bucket is not null, 'access to the bucket ' || b.bucket_name || ' is logged to '
    || b.logging_target_bucket,
    'access to the bucket ' || b.bucket_name || ' is not logged, should be') as reason
from aws_cloudtrail_trail t join aws_s3_bucket b on b.bucket_name = t.s3_bucket_name
where substr(t.arn, instr(t.arn, ':' || t.home_region || ':') + length(t.home_region) + 2, 12) = t.account_id
