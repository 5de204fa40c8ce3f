-- id: s3_bucket_is_encrypted_with_kms
-- title: S3 bucket: new objects are encrypted with a KMS key
-- severity: medium
-- resource_type: aws_s3_bucket
-- frameworks: fsbp:S3.17,
--   pci_dss_4.0:3.5.1, pci_dss_4.0:8.3.2,
--   soc2:PI1.4,
--   iso_27001_2022:A.8.11, iso_27001_2022:A.8.24
-- rationale: With a KMS key, reading an object needs the key's permission as well as the bucket's, and each use
--   is recorded.
-- remediation: In the bucket's Properties set Default encryption to SSE-KMS with a customer managed key and
--   bucket keys on, or run aws s3api put-bucket-encryption.
select
  b.arn,
  iif(met.value = 1, 'pass', 'fail') as status,
  iif(met.value = 1, 'new objects are encrypted with ' || coalesce(b.encryption_key_id, 'the KMS key of S3'),
    'default encryption is ' || coalesce(b.encryption_algorithm, 'not set') || ', should be aws:kms') as reason
from aws_s3_bucket b, json_each(json_array(exists (
  select 1 from json_each(b.encryption_rules) r
    where r.value ->> '$.ApplyServerSideEncryptionByDefault.SSEAlgorithm' in ('aws:kms', 'aws:kms:dsse')
))) met
