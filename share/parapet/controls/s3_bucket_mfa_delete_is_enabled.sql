-- id: s3_bucket_mfa_delete_is_enabled
-- title: S3 bucket: deleting versions needs MFA
-- severity: low
-- resource_type: aws_s3_bucket
-- frameworks: cis_aws_3.0:2.1.2,
--   cis_aws_5.0:2.1.2,
--   cis_aws_6.0:3.1.2,
--   cis_aws_7.0:3.1.2,
--   fsbp:S3.20,
--   pci_dss_4.0:3.5.1.3, pci_dss_4.0:8.4.1, pci_dss_4.0:8.4.2, pci_dss_4.0:8.4.3,
--   pci_dss_4.0:10.3.2, pci_dss_4.0:A1.1.2, pci_dss_4.0:A3.4.1,
--   nis2:11.7.2
-- rationale: With MFA delete, stolen credentials alone cannot destroy versions for good.
-- remediation: As the root user run aws s3api put-bucket-versioning --versioning-configuration
--   Status=Enabled,MFADelete=Enabled --mfa 'SERIAL CODE'; the console cannot set it.
select
  b.arn,
  iif(b.versioning = 'Enabled' and b.mfa_delete = 'Enabled', 'pass', 'fail') as status,
  case
    when b.versioning = 'Enabled' and b.mfa_delete = 'Enabled' then 'deleting versions needs MFA'
    when b.versioning = 'Enabled' then 'MFA delete is ' || coalesce(b.mfa_delete, 'off')
      || ', should be Enabled'
    else 'versioning is ' || coalesce(b.versioning, 'off') || ' and MFA delete with it, both should be Enabled'
  end as reason
from aws_s3_bucket b
