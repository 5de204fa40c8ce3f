-- id: config_recorder_is_enabled
-- title: AWS Config records in every region
-- severity: medium
-- resource_type: aws_region
-- frameworks: cis_aws_3.0:3.3,
--   cis_aws_5.0:3.3,
--   cis_aws_6.0:4.3,
--   cis_aws_7.0:4.3,
--   fsbp:Config.1,
--   nist_csf_1.1:DE.CM-2, nist_csf_1.1:ID.AM-1, nist_csf_1.1:ID.RA-5, nist_csf_1.1:ID.SC-4,
--   nist_csf_1.1:PR.IP-12,
--   soc2:CC2.1, soc2:CC3.1, soc2:CC3.4, soc2:CC8.1, soc2:PI1.3,
--   iso_27001_2022:A.5.16, iso_27001_2022:A.5.22,
--   hipaa:164.308(a)(1)(ii)(A),
--   gdpr:Art.25, gdpr:Art.30
-- rationale: Config keeps how things were configured before and after a change; without it an incident has no
--   before.
-- remediation: In the region run aws configservice put-configuration-recorder with allSupported=true,
--   put-delivery-channel, then start-configuration-recorder.
select
  r.arn,
  iif(good.value is null, 'fail', 'pass') as status,
  coalesce('the recorder ' || good.value || ' records',
    'no recorder of the region runs and records every type, should be one') as reason
from aws_region r, json_each(json_array((
  select min(c.recorder_name)
  from aws_config_configuration_recorder c
  where c.region = r.region_name and c.service_principal is null
    and c.recording and coalesce(c.last_status, '') <> 'Failure'
    and (c.all_supported or c.recording_strategy = 'ALL_SUPPORTED_RESOURCE_TYPES'
      or c.recording_strategy = 'EXCLUSION_BY_RESOURCE_TYPES' and not exists (
        select 1 from json_each(c.excluded_types) x
        where x.value not in ('AWS::IAM::User', 'AWS::IAM::Group', 'AWS::IAM::Role', 'AWS::IAM::Policy')))
))) good
