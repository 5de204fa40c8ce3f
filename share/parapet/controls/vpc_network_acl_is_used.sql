-- id: vpc_network_acl_is_used
-- title: No network ACL lies about unused
-- severity: low
-- resource_type: aws_vpc_network_acl
-- frameworks: fsbp:EC2.16,
--   pci_dss_4.0:1.2.8, pci_dss_4.0:1.3.1, pci_dss_4.0:1.3.2, pci_dss_4.0:1.4.2, pci_dss_4.0:1.5.1,
--   pci_dss_4.0:A1.1.3,
--   iso_27001_2022:A.8.20, iso_27001_2022:A.8.21, iso_27001_2022:A.8.22
-- rationale: A list that no subnet uses is one that somebody will attach without reading.
-- remediation: Delete it with aws ec2 delete-network-acl.
select
  n.arn,
  iif(json_array_length(n.associations) > 0, 'pass', 'fail') as status,
  iif(json_array_length(n.associations) > 0, 'subnets use the list',
    'no subnet uses the list, should be used or deleted') as reason
from aws_vpc_network_acl n
where not coalesce(n.is_default, 0)
