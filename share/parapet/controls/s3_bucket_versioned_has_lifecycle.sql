-- id: s3_bucket_versioned_has_lifecycle
-- title: S3 bucket: a versioned bucket has lifecycle rules
-- severity: low
-- resource_type: aws_s3_bucket
-- frameworks: fsbp:S3.10
-- rationale: Old versions are kept and paid for until a rule removes them.
-- remediation: In the bucket's Management add a lifecycle rule that expires objects or noncurrent versions and
--   aborts unfinished uploads, or run aws s3api put-bucket-lifecycle-configuration.
select
  b.arn,
  iif(met.value = 1, 'pass', 'fail') as status,
  iif(met.value = 1, 'a lifecycle rule is enabled',
    iif(b.lifecycle_rules is null, 'the bucket has no lifecycle rule', 'no lifecycle rule is enabled')
    || ', should have one') as reason
from aws_s3_bucket b, json_each(json_array(exists (
  select 1 from json_each(b.lifecycle_rules) r where r.value ->> '$.Status' = 'Enabled'
))) met
where b.versioning = 'Enabled'
