-- id: cloudtrail_trail_file_validation_is_enabled
-- title: CloudTrail trail: trail files carry digests
-- severity: low
-- resource_type: aws_cloudtrail_trail
-- frameworks: cis_aws_3.0:3.2,
--   cis_aws_5.0:3.2,
--   cis_aws_6.0:4.2,
--   cis_aws_7.0:4.2,
--   fsbp:CloudTrail.4,
--   nist_800_53_r5:AU-9(a), nist_800_53_r5:CM-6(a), nist_800_53_r5:CM-9(b), nist_800_53_r5:PM-11(b),
--   nist_800_53_r5:PM-17(b), nist_800_53_r5:SA-1(1), nist_800_53_r5:SA-10(1), nist_800_53_r5:SC-16(1),
--   nist_800_53_r5:SI-1(a)(2), nist_800_53_r5:SI-4(d), nist_800_53_r5:SI-7(1), nist_800_53_r5:SI-7(3),
--   nist_800_53_r5:SI-7(7), nist_800_53_r5:SI-7(a),
--   nist_csf_1.1:PR.DS-6, nist_csf_1.1:PR.DS-7,
--   nist_800_171_r2:3.3.8, nist_800_171_r2:3.13.1,
--   pci_dss_4.0:10.3.2, pci_dss_4.0:10.3.3, pci_dss_4.0:10.3.4, pci_dss_4.0:A1.2.1,
--   soc2:CC7.3, soc2:PI1.3,
--   iso_27001_2022:A.8.15, iso_27001_2022:A.8.16,
--   hipaa:164.308(a)(1)(ii)(B), hipaa:164.308(a)(1)(ii)(D), hipaa:164.312(b), hipaa:164.312(c)(1),
--   hipaa:164.312(c)(2),
--   gdpr:Art.25, gdpr:Art.32,
--   fedramp_moderate_r4:AU-9, fedramp_moderate_r4:SI-7, fedramp_moderate_r4:SI-7(1),
--   nis2:3.4.2.d
-- rationale: Digest files prove that no log file was changed or removed after the fact.
-- remediation: Run aws cloudtrail update-trail --enable-log-file-validation; check later with aws cloudtrail
--   validate-logs.
select
  t.arn,
  iif(t.log_file_validation_enabled, 'pass', 'fail') as status,
  iif(t.log_file_validation_enabled, 'log files have digests',
    'log file validation is off, should be on') as reason
from aws_cloudtrail_trail t
where substr(t.arn, instr(t.arn, ':' || t.home_region || ':') + length(t.home_region) + 2, 12) = t.account_id
