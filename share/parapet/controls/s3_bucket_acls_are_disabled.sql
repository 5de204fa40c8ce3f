-- id: s3_bucket_acls_are_disabled
-- title: The S3 bucket uses no ACLs
-- severity: medium
-- resource_type: aws_s3_bucket
-- frameworks: fsbp:S3.12,
--   pci_dss_4.0:7.2.1, pci_dss_4.0:7.2.2, pci_dss_4.0:7.2.5, pci_dss_4.0:7.3.1, pci_dss_4.0:7.3.2,
--   pci_dss_4.0:7.3.3, pci_dss_4.0:8.2.7, pci_dss_4.0:8.2.8, pci_dss_4.0:8.3.4
-- rationale: ACLs let whoever uploads an object decide who reads it, unseen in the bucket policy.
-- remediation: Run aws s3api put-bucket-ownership-controls with ObjectOwnership=BucketOwnerEnforced, after
--   moving grants in use into the bucket policy.
select
  b.arn,
  iif(b.object_ownership = 'BucketOwnerEnforced', 'pass', 'fail') as status,
  iif(b.object_ownership = 'BucketOwnerEnforced', 'ACLs are off', 'object ownership is '
    || coalesce(b.object_ownership, 'not set') || ', should be BucketOwnerEnforced') as reason
from aws_s3_bucket b
