-- id: ec2_instance_has_no_public_ip
-- title: The EC2 instance has no public IPv4 address
-- severity: high
-- resource_type: aws_ec2_instance
-- frameworks: fsbp:EC2.9,
--   nist_800_53_r5:AC-2(6), nist_800_53_r5:AC-3, nist_800_53_r5:AC-3(7), nist_800_53_r5:AC-4(21),
--   nist_800_53_r5:AC-6, nist_800_53_r5:AC-17(1), nist_800_53_r5:AC-17(4)(a), nist_800_53_r5:AC-17(9),
--   nist_800_53_r5:AC-17(10), nist_800_53_r5:AC-17(b), nist_800_53_r5:MP-2, nist_800_53_r5:SC-7(2),
--   nist_800_53_r5:SC-7(3), nist_800_53_r5:SC-7(7), nist_800_53_r5:SC-7(9)(a), nist_800_53_r5:SC-7(11),
--   nist_800_53_r5:SC-7(12), nist_800_53_r5:SC-7(16), nist_800_53_r5:SC-7(20), nist_800_53_r5:SC-7(21),
--   nist_800_53_r5:SC-7(24)(b), nist_800_53_r5:SC-7(25), nist_800_53_r5:SC-7(26), nist_800_53_r5:SC-7(27),
--   nist_800_53_r5:SC-7(28), nist_800_53_r5:SC-7(a), nist_800_53_r5:SC-7(b), nist_800_53_r5:SC-7(c),
--   nist_800_53_r5:SC-25,
--   nist_csf_1.1:PR.AC-3, nist_csf_1.1:PR.AC-5, nist_csf_1.1:PR.IP-8,
--   nist_800_171_r2:3.1.1, nist_800_171_r2:3.1.2, nist_800_171_r2:3.1.3, nist_800_171_r2:3.1.14,
--   nist_800_171_r2:3.13.2, nist_800_171_r2:3.13.5,
--   soc2:CC6.6,
--   iso_27001_2022:A.8.1, iso_27001_2022:A.8.20, iso_27001_2022:A.8.21, iso_27001_2022:A.8.22,
--   hipaa:164.308(a)(1)(ii)(B), hipaa:164.308(a)(3)(i), hipaa:164.312(a)(1),
--   fedramp_moderate_r4:AC-3, fedramp_moderate_r4:AC-4, fedramp_moderate_r4:AC-6,
--   fedramp_moderate_r4:AC-17(1), fedramp_moderate_r4:AC-21(b), fedramp_moderate_r4:CM-2,
--   fedramp_moderate_r4:SC-7, fedramp_moderate_r4:SC-7(3)
-- rationale: A public address puts every open port of the instance before the whole internet.
-- remediation: Put the instance into a private subnet behind a load balancer or NAT gateway and reach it
--   through Session Manager; release its elastic address.
select
  i.arn,
  iif(i.public_ip_address is null, 'pass', 'fail') as status,
  iif(i.public_ip_address is null, 'the instance has no public address', 'the instance has the public address '
    || i.public_ip_address || ', should have none') as reason
from aws_ec2_instance i
where i.instance_state <> 'terminated'
