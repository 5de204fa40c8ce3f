-- id: vpc_flow_logs_are_enabled
-- title: Traffic of the VPC is logged
-- severity: medium
-- resource_type: aws_vpc
-- frameworks: cis_aws_3.0:3.7,
--   cis_aws_5.0:3.7,
--   cis_aws_6.0:4.7,
--   cis_aws_7.0:4.7,
--   fsbp:EC2.6,
--   nist_800_53_r5:AC-4(26), nist_800_53_r5:AU-2(b), nist_800_53_r5:AU-3(a), nist_800_53_r5:AU-3(b),
--   nist_800_53_r5:AU-3(c), nist_800_53_r5:AU-3(d), nist_800_53_r5:AU-3(e), nist_800_53_r5:AU-6(3),
--   nist_800_53_r5:AU-6(4), nist_800_53_r5:AU-6(6), nist_800_53_r5:AU-6(9), nist_800_53_r5:AU-8(b),
--   nist_800_53_r5:AU-12(1), nist_800_53_r5:AU-12(2), nist_800_53_r5:AU-12(3), nist_800_53_r5:AU-12(4),
--   nist_800_53_r5:AU-12(a), nist_800_53_r5:AU-12(c), nist_800_53_r5:AU-14(3), nist_800_53_r5:AU-14(a),
--   nist_800_53_r5:AU-14(b), nist_800_53_r5:CA-7(b), nist_800_53_r5:CM-5(1)(b), nist_800_53_r5:CM-6(a),
--   nist_800_53_r5:CM-9(b), nist_800_53_r5:IA-3(3)(b), nist_800_53_r5:MA-4(1)(a), nist_800_53_r5:PM-14(a)(1),
--   nist_800_53_r5:PM-14(b), nist_800_53_r5:PM-31, nist_800_53_r5:SI-4(17), nist_800_53_r5:SI-7(8),
--   nist_csf_1.1:DE.AE-1, nist_csf_1.1:DE.AE-3, nist_csf_1.1:DE.CM-1, nist_csf_1.1:DE.CM-7,
--   nist_csf_1.1:ID.AM-3, nist_csf_1.1:PR.DS-5, nist_csf_1.1:PR.PT-1,
--   nist_800_171_r2:3.3.1, nist_800_171_r2:3.3.3, nist_800_171_r2:3.6.1, nist_800_171_r2:3.6.2,
--   nist_800_171_r2:3.13.1, nist_800_171_r2:3.14.6, nist_800_171_r2:3.14.7,
--   pci_dss_4.0:5.3.4, pci_dss_4.0:10.2.1, pci_dss_4.0:10.2.1.1, pci_dss_4.0:10.2.1.2,
--   pci_dss_4.0:10.2.1.3, pci_dss_4.0:10.2.1.4, pci_dss_4.0:10.2.1.5, pci_dss_4.0:10.2.1.6,
--   pci_dss_4.0:10.2.1.7, pci_dss_4.0:10.2.2, pci_dss_4.0:10.3.1, pci_dss_4.0:10.6.3, pci_dss_4.0:A1.2.1,
--   soc2:CC7.2, soc2:CC7.3,
--   iso_27001_2022:A.8.15, iso_27001_2022:A.8.16, iso_27001_2022:A.8.20, iso_27001_2022:A.8.21,
--   iso_27001_2022:A.8.22, iso_27001_2022:A.8.23,
--   hipaa:164.308(a)(1)(ii)(D), hipaa:164.308(a)(3)(ii)(A), hipaa:164.308(a)(6)(ii),
--   hipaa:164.312(b), hipaa:164.312(c)(2),
--   gdpr:Art.25, gdpr:Art.30,
--   fedramp_moderate_r4:AU-2(a)(d), fedramp_moderate_r4:AU-3, fedramp_moderate_r4:AU-6(1)(3),
--   fedramp_moderate_r4:AU-12(a)(c),
--   nis2:3.2.3.c
-- rationale: Flow logs show who talked to whom, which is what an investigation asks first.
-- remediation: Run aws ec2 create-flow-logs --resource-type VPC --traffic-type REJECT (or ALL) with a bucket or
--   log group as destination.
select
  v.arn,
  iif(log.value is null, 'fail', 'pass') as status,
  coalesce('traffic is logged by ' || log.value,
    'no active flow log records rejected or all traffic, should be one') as reason
from aws_vpc v, json_each(json_array((
  select min(f.flow_log_id)
  from aws_vpc_flow_log f
  where f.region = v.region and f.resource_id = v.vpc_id
    and f.flow_log_status = 'ACTIVE' and f.traffic_type in ('REJECT', 'ALL')
))) log
where v.owner_id = v.account_id
