-- id: iam_policy_cloudshell_full_access_is_not_attached
-- title: IAM policy: AWSCloudShellFullAccess is attached to nobody
-- severity: medium
-- resource_type: aws_iam_policy
-- frameworks: cis_aws_3.0:1.22,
--   cis_aws_5.0:1.21,
--   cis_aws_6.0:2.21,
--   cis_aws_7.0:2.20,
--   pci_dss_4.0:7.2.1, pci_dss_4.0:7.2.2, pci_dss_4.0:7.2.3, pci_dss_4.0:7.2.5, pci_dss_4.0:7.3.1,
--   pci_dss_4.0:7.3.2, pci_dss_4.0:7.3.3, pci_dss_4.0:8.2.7, pci_dss_4.0:8.2.8, pci_dss_4.0:8.3.4,
--   nis2:1.2.1
-- rationale: CloudShell with full access can upload and download files, which is a way out for data past every
--   network control.
-- remediation: Detach AWSCloudShellFullAccess and attach a policy without cloudshell:GetFileDownloadUrls and
--   GetFileUploadUrls.
select
  p.arn,
  iif(holders.value = 0, 'pass', 'fail') as status,
  iif(holders.value = 0, 'AWSCloudShellFullAccess is attached to nobody',
    'AWSCloudShellFullAccess is attached to ' || holders.value || iif(holders.value = 1, ' holder', ' holders')
      || ', should be to nobody') as reason
from aws_iam_policy p, json_each(json_array(
  coalesce(json_array_length(p.policy_users), 0) + coalesce(json_array_length(p.policy_groups), 0)
    + coalesce(json_array_length(p.policy_roles), 0)
)) holders
where p.arn like 'arn:%:iam::aws:policy/AWSCloudShellFullAccess'
