-- id: s3_bucket_is_replicated_across_regions
-- title: The S3 bucket is copied to another region
-- severity: low
-- resource_type: aws_s3_bucket
-- frameworks: fsbp:S3.7,
--   iso_27001_2022:A.8.14
-- rationale: A copy in another region survives the loss of the first, and an account that was emptied.
-- remediation: Enable versioning on both buckets and add a replication rule whose destination is in another
--   region (aws s3api put-bucket-replication).
select
  b.arn,
  iif(copy.value is null, 'fail', 'pass') as status,
  coalesce('objects are copied to ' || copy.value,
    'no enabled rule copies objects to another region, should be one') as reason
from aws_s3_bucket b, json_each(json_array((
  select min(d.bucket_name)
  from json_each(b.replication_rules) r join aws_s3_bucket d on d.arn = r.value ->> '$.Destination.Bucket'
  where r.value ->> '$.Status' = 'Enabled' and d.region <> b.region
))) copy
