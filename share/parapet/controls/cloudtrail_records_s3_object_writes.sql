-- id: cloudtrail_records_s3_object_writes
-- title: CloudTrail: writes to all S3 objects are recorded
-- severity: low
-- resource_type: aws_account
-- frameworks: cis_aws_3.0:3.8,
--   cis_aws_5.0:3.8,
--   cis_aws_6.0:4.8,
--   cis_aws_7.0:4.8,
--   nist_800_53_r5:AC-2(4), nist_800_53_r5:AC-3(1), nist_800_53_r5:AC-3(10),
--   nist_800_53_r5:AC-4(26), nist_800_53_r5:AC-6(9), nist_800_53_r5:AU-2(b), nist_800_53_r5:AU-3(a),
--   nist_800_53_r5:AU-3(b), nist_800_53_r5:AU-3(c), nist_800_53_r5:AU-3(d), nist_800_53_r5:AU-3(e),
--   nist_800_53_r5:AU-3(f), nist_800_53_r5:AU-6(3), nist_800_53_r5:AU-6(4), nist_800_53_r5:AU-6(6),
--   nist_800_53_r5:AU-6(9), nist_800_53_r5:AU-8(b), nist_800_53_r5:AU-10, nist_800_53_r5:AU-12(1),
--   nist_800_53_r5:AU-12(2), nist_800_53_r5:AU-12(3), nist_800_53_r5:AU-12(4), nist_800_53_r5:AU-12(a),
--   nist_800_53_r5:AU-12(c), nist_800_53_r5:AU-14(3), nist_800_53_r5:AU-14(a), nist_800_53_r5:AU-14(b),
--   nist_800_53_r5:CA-7(b), nist_800_53_r5:CM-5(1)(b), nist_800_53_r5:CM-6(a), nist_800_53_r5:CM-9(b),
--   nist_800_53_r5:IA-3(3)(b), nist_800_53_r5:MA-4(1)(a), nist_800_53_r5:PM-14(a)(1), nist_800_53_r5:PM-14(b),
--   nist_800_53_r5:PM-31, nist_800_53_r5:SC-7(9)(b), nist_800_53_r5:SI-1(1)(c), nist_800_53_r5:SI-3(8)(b),
--   nist_800_53_r5:SI-4(2), nist_800_53_r5:SI-4(17), nist_800_53_r5:SI-4(20), nist_800_53_r5:SI-7(8),
--   nist_800_53_r5:SI-10(1)(c),
--   nist_csf_1.1:DE.AE-3, nist_csf_1.1:DE.AE-4, nist_csf_1.1:DE.CM-1, nist_csf_1.1:DE.CM-3,
--   nist_csf_1.1:DE.CM-6, nist_csf_1.1:DE.CM-7, nist_csf_1.1:PR.DS-5,
--   nist_800_171_r2:3.1.12, nist_800_171_r2:3.3.1, nist_800_171_r2:3.3.2, nist_800_171_r2:3.3.3,
--   nist_800_171_r2:3.13.1, nist_800_171_r2:3.14.6, nist_800_171_r2:3.14.7,
--   pci_dss_4.0:5.3.4, pci_dss_4.0:10.2.1, pci_dss_4.0:10.2.1.1, pci_dss_4.0:10.2.1.2,
--   pci_dss_4.0:10.2.1.3, pci_dss_4.0:10.2.1.4, pci_dss_4.0:10.2.1.5, pci_dss_4.0:10.2.1.6,
--   pci_dss_4.0:10.2.1.7, pci_dss_4.0:10.2.2, pci_dss_4.0:10.3.1, pci_dss_4.0:10.6.3, pci_dss_4.0:A1.2.1,
--   soc2:CC2.1, soc2:CC7.2, soc2:PI1.2,
--   iso_27001_2022:A.8.15, iso_27001_2022:A.8.16,
--   hipaa:164.308(a)(1)(ii)(D), hipaa:164.308(a)(3)(ii)(A), hipaa:164.308(a)(6)(ii),
--   hipaa:164.312(a)(2)(i), hipaa:164.312(b), hipaa:164.312(e)(2)(i),
--   gdpr:Art.30,
--   fedramp_moderate_r4:AC-2(4), fedramp_moderate_r4:AC-2(g), fedramp_moderate_r4:AU-2(a)(d),
--   fedramp_moderate_r4:AU-3, fedramp_moderate_r4:AU-6(1)(3), fedramp_moderate_r4:AU-12(a)(c),
--   fedramp_moderate_r4:CA-7(a)(b), fedramp_moderate_r4:SI-4(2), fedramp_moderate_r4:SI-4(4),
--   fedramp_moderate_r4:SI-4(5), fedramp_moderate_r4:SI-4(16),
--   nis2:3.2.3.c, nis2:3.2.3.g
-- rationale: Management events say nothing of single objects; without data events a theft or deletion of
--   objects leaves no trace in the trail.
-- remediation: Run aws cloudtrail put-event-selectors with a data resource AWS::S3::Object arn:aws:s3 and
--   ReadWriteType WriteOnly or All on a trail for all regions (charged by event).
select
  a.arn,
  iif(trail.value is null, 'fail', 'pass') as status,
  coalesce('the trail ' || trail.value || ' records writes of all S3 objects',
    'no trail of all regions records writes of all S3 objects, should be one that does') as reason
from aws_account a, json_each(json_array((
  select min(t.trail_name)
  from aws_cloudtrail_trail t
  where t.is_multi_region and t.is_logging
    and (exists (
        select 1
        from json_each(t.event_selectors) e, json_each(e.value, '$.DataResources') d,
          json_each(d.value, '$.Values') v
        where e.value ->> '$.ReadWriteType' in ('WriteOnly', 'All')
          and d.value ->> '$.Type' = 'AWS::S3::Object' and v.value in ('arn:aws:s3', 'arn:aws:s3:::'))
      or exists (
        select 1 from json_each(t.advanced_event_selectors) e
        where exists (
            select 1 from json_each(e.value, '$.FieldSelectors') f
            where f.value ->> '$.Field' = 'resources.type' and f.value ->> '$.Equals[0]' = 'AWS::S3::Object')
          and not exists (
            select 1 from json_each(e.value, '$.FieldSelectors') f
            where f.value ->> '$.Field' = 'readOnly' and f.value ->> '$.Equals[0]' = 'true')))
))) trail
