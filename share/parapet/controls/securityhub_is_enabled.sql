-- id: securityhub_is_enabled
-- title: Security Hub is on in every region
-- severity: medium
-- resource_type: aws_region
-- frameworks: cis_aws_3.0:4.16,
--   cis_aws_5.0:4.16,
--   cis_aws_6.0:5.16,
--   cis_aws_7.0:5.16,
--   nist_800_53_r5:AU-6(1), nist_800_53_r5:AU-6(5), nist_800_53_r5:AU-12(3),
--   nist_800_53_r5:AU-14(a), nist_800_53_r5:AU-14(b), nist_800_53_r5:CA-2(d), nist_800_53_r5:CA-7,
--   nist_800_53_r5:CA-7(b), nist_800_53_r5:PM-14(a)(1), nist_800_53_r5:PM-14(b), nist_800_53_r5:PM-31,
--   nist_csf_1.1:DE.AE-2, nist_csf_1.1:DE.AE-4, nist_csf_1.1:DE.CM-1, nist_csf_1.1:DE.CM-2,
--   nist_csf_1.1:DE.CM-3, nist_csf_1.1:DE.CM-4, nist_csf_1.1:DE.CM-5, nist_csf_1.1:DE.CM-6,
--   nist_csf_1.1:DE.CM-7, nist_csf_1.1:DE.DP-4, nist_csf_1.1:ID.RA-1, nist_csf_1.1:ID.RA-2,
--   nist_csf_1.1:ID.RA-3, nist_csf_1.1:ID.RA-5, nist_csf_1.1:ID.SC-4, nist_csf_1.1:PR.DS-5,
--   nist_csf_1.1:PR.DS-8,
--   nist_800_171_r2:3.1.12, nist_800_171_r2:3.3.1, nist_800_171_r2:3.3.4, nist_800_171_r2:3.3.5,
--   nist_800_171_r2:3.6.1, nist_800_171_r2:3.6.2, nist_800_171_r2:3.11.2, nist_800_171_r2:3.11.3,
--   nist_800_171_r2:3.12.4, nist_800_171_r2:3.13.1, nist_800_171_r2:3.14.1, nist_800_171_r2:3.14.2,
--   nist_800_171_r2:3.14.3, nist_800_171_r2:3.14.6, nist_800_171_r2:3.14.7,
--   pci_dss_4.0:10.2.1.1, pci_dss_4.0:10.4.1, pci_dss_4.0:10.4.1.1, pci_dss_4.0:10.4.2,
--   pci_dss_4.0:10.6.3, pci_dss_4.0:10.7.1, pci_dss_4.0:10.7.2, pci_dss_4.0:A3.3.1, pci_dss_4.0:A3.5.1,
--   soc2:CC3.1, soc2:CC6.8, soc2:CC7.1, soc2:CC7.2, soc2:CC7.3, soc2:CC7.4,
--   iso_27001_2022:A.5.1, iso_27001_2022:A.8.23,
--   hipaa:164.308(a)(1)(ii)(D), hipaa:164.308(a)(3)(ii)(A), hipaa:164.308(a)(5)(ii)(C),
--   hipaa:164.308(a)(6)(i), hipaa:164.308(a)(6)(ii), hipaa:164.308(a)(8), hipaa:164.312(b),
--   hipaa:164.312(e)(2)(i),
--   fedramp_moderate_r4:AC-2(1), fedramp_moderate_r4:AC-2(4), fedramp_moderate_r4:AC-2(12)(a),
--   fedramp_moderate_r4:AC-2(g), fedramp_moderate_r4:AC-17(1), fedramp_moderate_r4:AU-6(1)(3),
--   fedramp_moderate_r4:CA-7(a)(b), fedramp_moderate_r4:IR-4(1), fedramp_moderate_r4:IR-6(1),
--   fedramp_moderate_r4:IR-7(1), fedramp_moderate_r4:SA-10, fedramp_moderate_r4:SI-4(2),
--   fedramp_moderate_r4:SI-4(4), fedramp_moderate_r4:SI-4(5), fedramp_moderate_r4:SI-4(16),
--   fedramp_moderate_r4:SI-4(a)(b)(c)
-- rationale: Security Hub gathers what AWS's own services found in the region; where it is off, nobody sees it.
-- remediation: In the region run aws securityhub enable-security-hub --enable-default-standards.
select
  r.arn,
  iif(standard.value is null, 'fail', 'pass') as status,
  coalesce('Security Hub is on with ' || standard.value,
    'Security Hub is off or has no standard in the region, should be on with one') as reason
from aws_region r, json_each(json_array((
  select min(s.value ->> '$.StandardsArn')
  from aws_securityhub_hub h, json_each(h.standards) s
  where h.region = r.region_name and s.value ->> '$.StandardsStatus' in ('READY', 'INCOMPLETE')
))) standard
