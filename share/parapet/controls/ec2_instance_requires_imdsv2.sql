-- id: ec2_instance_requires_imdsv2
-- title: The EC2 instance's metadata service takes v2 requests only
-- severity: high
-- resource_type: aws_ec2_instance
-- frameworks: cis_aws_3.0:5.6,
--   cis_aws_5.0:5.7,
--   cis_aws_6.0:6.7,
--   cis_aws_7.0:6.7,
--   fsbp:EC2.8,
--   nist_800_53_r5:AC-2(6), nist_800_53_r5:AC-3, nist_800_53_r5:AC-3(3), nist_800_53_r5:AC-3(3)(a),
--   nist_800_53_r5:AC-3(3)(b)(1), nist_800_53_r5:AC-3(3)(b)(2), nist_800_53_r5:AC-3(3)(b)(3),
--   nist_800_53_r5:AC-3(3)(b)(4), nist_800_53_r5:AC-3(3)(b)(5), nist_800_53_r5:AC-3(3)(c),
--   nist_800_53_r5:AC-3(4), nist_800_53_r5:AC-3(4)(a), nist_800_53_r5:AC-3(4)(b), nist_800_53_r5:AC-3(4)(c),
--   nist_800_53_r5:AC-3(4)(d), nist_800_53_r5:AC-3(4)(e), nist_800_53_r5:AC-3(7), nist_800_53_r5:AC-3(8),
--   nist_800_53_r5:AC-3(12)(a), nist_800_53_r5:AC-3(13), nist_800_53_r5:AC-3(15)(a),
--   nist_800_53_r5:AC-3(15)(b), nist_800_53_r5:AC-4(28), nist_800_53_r5:AC-6, nist_800_53_r5:AC-24,
--   nist_800_53_r5:CM-5(1)(a), nist_800_53_r5:MP-2, nist_800_53_r5:SC-23(3),
--   nist_csf_1.1:DE.CM-2, nist_csf_1.1:DE.CM-5, nist_csf_1.1:DE.DP-4, nist_csf_1.1:DE.DP-5,
--   nist_csf_1.1:ID.RA-5, nist_csf_1.1:ID.SC-4,
--   nist_800_171_r2:3.12.4,
--   pci_dss_4.0:8.2.8,
--   soc2:CC7.2,
--   iso_27001_2022:A.8.20, iso_27001_2022:A.8.21, iso_27001_2022:A.8.22,
--   fedramp_moderate_r4:AC-3, fedramp_moderate_r4:AC-6, fedramp_moderate_r4:CA-7(a)(b),
--   fedramp_moderate_r4:SI-4(2), fedramp_moderate_r4:SI-4(4), fedramp_moderate_r4:SI-4(5),
--   fedramp_moderate_r4:SI-4(a)(b)(c),
--   nis2:6.7.2.i
-- rationale: Version 1 answers any plain request, so a program that can be made to fetch an address gives away
--   the role's credentials; version 2 needs a session token first.
-- remediation: Run aws ec2 modify-instance-metadata-options --http-tokens required, once CloudWatch's metric
--   MetadataNoToken stays at zero; set it in launch templates and as the account's default.
select
  i.arn,
  iif(i.metadata_http_tokens = 'required' or i.metadata_http_endpoint = 'disabled', 'pass', 'fail') as status,
  case
    when i.metadata_http_endpoint = 'disabled' then 'the metadata service is disabled'
    when i.metadata_http_tokens = 'required' then 'session tokens of the metadata service are required'
    else 'session tokens of the metadata service are ' || coalesce(i.metadata_http_tokens, 'optional')
      || ', should be required'
  end as reason
from aws_ec2_instance i
where i.instance_state <> 'terminated'
