-- id: s3_bucket_object_lock_is_enabled
-- title: S3 bucket: objects can be locked against deletion
-- severity: low
-- resource_type: aws_s3_bucket
-- frameworks: fsbp:S3.15,
--   pci_dss_4.0:10.3.4,
--   soc2:PI1.5
-- rationale: Locked objects cannot be deleted or overwritten before their time, not even by an administrator:
--   the last line against ransomware.
-- remediation: Enable Object Lock in the bucket's Properties (versioning has to be on) and set a default
--   retention.
select
  b.arn,
  iif(b.object_lock_enabled = 'Enabled', 'pass', 'fail') as status,
  iif(b.object_lock_enabled = 'Enabled', 'object lock is Enabled',
    'object lock is off, should be Enabled') as reason
from aws_s3_bucket b
