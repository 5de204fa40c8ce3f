-- id: ec2_instance_has_instance_profile
-- title: The EC2 instance gets credentials from a role
-- severity: medium
-- resource_type: aws_ec2_instance
-- frameworks: cis_aws_3.0:1.18,
--   cis_aws_5.0:1.17,
--   cis_aws_6.0:2.17,
--   cis_aws_7.0:2.16,
--   nist_800_53_r5:AC-3, nist_800_53_r5:CM-5(1)(a), nist_800_53_r5:CM-6(a),
--   nist_800_171_r2:3.1.1, nist_800_171_r2:3.1.2,
--   pci_dss_4.0:7.2.1, pci_dss_4.0:7.2.2, pci_dss_4.0:7.2.5, pci_dss_4.0:7.3.1, pci_dss_4.0:7.3.2,
--   pci_dss_4.0:7.3.3, pci_dss_4.0:8.2.7, pci_dss_4.0:8.2.8, pci_dss_4.0:8.3.4,
--   iso_27001_2022:A.8.2, iso_27001_2022:A.8.20, iso_27001_2022:A.8.21, iso_27001_2022:A.8.22,
--   nis2:11.1.1, nis2:11.2.2.d
-- rationale: Without a role, programs on the instance carry access keys in files, which leak and are never
--   changed.
-- remediation: Make a role for EC2 and attach it with aws ec2 associate-iam-instance-profile; delete the keys
--   from the machine.
select
  i.arn,
  iif(i.iam_instance_profile_arn is not null, 'pass', 'fail') as status,
  iif(i.iam_instance_profile_arn is not null, 'the instance has the profile ' || i.iam_instance_profile_arn,
    'the instance has no instance profile, should have one') as reason
from aws_ec2_instance i
where i.instance_state = 'running'
