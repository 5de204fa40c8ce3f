-- id: s3_bucket_has_lifecycle
-- title: The S3 bucket has a lifecycle rule
-- severity: low
-- resource_type: aws_s3_bucket
-- frameworks: fsbp:S3.13,
--   pci_dss_4.0:3.2.1, pci_dss_4.0:3.3.1.1, pci_dss_4.0:3.3.1.3, pci_dss_4.0:3.3.2,
--   pci_dss_4.0:3.3.3, pci_dss_4.0:10.5.1,
--   iso_27001_2022:A.8.10,
--   nis2:12.2.2.a
-- rationale: Data that nobody deletes stays, costs and can leak long after its use.
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
