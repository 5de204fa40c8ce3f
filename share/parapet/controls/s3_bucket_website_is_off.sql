-- id: s3_bucket_website_is_off
-- title: The S3 bucket is no website
-- severity: medium
-- resource_type: aws_s3_bucket
-- rationale: A website endpoint serves without TLS and needs public objects.
-- remediation: Run aws s3api delete-bucket-website and serve the files through CloudFront with origin access
--   control.
select
  b.arn,
  iif(b.website is null, 'pass', 'fail') as status,
  iif(b.website is null, 'the bucket is no website',
    'the bucket is a website, should be served by CloudFront instead') as reason
from aws_s3_bucket b
