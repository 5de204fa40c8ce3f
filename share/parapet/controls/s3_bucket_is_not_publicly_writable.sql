-- id: s3_bucket_is_not_publicly_writable
-- title: S3 bucket: nobody outside can write to the bucket
-- severity: critical
-- resource_type: aws_s3_bucket
-- frameworks: cis_aws_7.0:2.21,
--   fsbp:S3.3,
--   nist_800_53_r5:AC-2(6), nist_800_53_r5:AC-3, nist_800_53_r5:AC-3(7), nist_800_53_r5:AC-4(21),
--   nist_800_53_r5:AC-6, nist_800_53_r5:AC-17(1), nist_800_53_r5:AC-17(4)(a), nist_800_53_r5:AC-17(9),
--   nist_800_53_r5:AC-17(10), nist_800_53_r5:AC-17(b), nist_800_53_r5:CM-6(a), nist_800_53_r5:CM-9(b),
--   nist_800_53_r5:MP-2, nist_800_53_r5:SC-7(2), nist_800_53_r5:SC-7(3), nist_800_53_r5:SC-7(7),
--   nist_800_53_r5:SC-7(9)(a), nist_800_53_r5:SC-7(11), nist_800_53_r5:SC-7(12), nist_800_53_r5:SC-7(16),
--   nist_800_53_r5:SC-7(20), nist_800_53_r5:SC-7(21), nist_800_53_r5:SC-7(24)(b), nist_800_53_r5:SC-7(25),
--   nist_800_53_r5:SC-7(26), nist_800_53_r5:SC-7(27), nist_800_53_r5:SC-7(28), nist_800_53_r5:SC-7(a),
--   nist_800_53_r5:SC-7(b), nist_800_53_r5:SC-7(c), nist_800_53_r5:SC-25,
--   nist_csf_1.1:PR.AC-3, nist_csf_1.1:PR.AC-5, nist_csf_1.1:PR.DS-5, nist_csf_1.1:PR.IP-8,
--   nist_csf_1.1:PR.PT-3,
--   nist_800_171_r2:3.1.1, nist_800_171_r2:3.1.2, nist_800_171_r2:3.1.3, nist_800_171_r2:3.3.8,
--   nist_800_171_r2:3.4.6, nist_800_171_r2:3.13.2, nist_800_171_r2:3.13.5,
--   pci_dss_4.0:1.2.8, pci_dss_4.0:1.3.1, pci_dss_4.0:1.3.2, pci_dss_4.0:1.4.2, pci_dss_4.0:1.5.1,
--   pci_dss_4.0:3.5.1.3, pci_dss_4.0:10.3.2, pci_dss_4.0:A1.1.2, pci_dss_4.0:A1.1.3, pci_dss_4.0:A3.4.1,
--   iso_27001_2022:A.8.1,
--   hipaa:164.308(a)(1)(ii)(B), hipaa:164.308(a)(3)(i), hipaa:164.312(a)(1),
--   fedramp_moderate_r4:AC-3, fedramp_moderate_r4:AC-4, fedramp_moderate_r4:AC-6,
--   fedramp_moderate_r4:AC-17(1), fedramp_moderate_r4:AC-21(b), fedramp_moderate_r4:CM-2,
--   fedramp_moderate_r4:SC-4, fedramp_moderate_r4:SC-7, fedramp_moderate_r4:SC-7(3)
-- rationale: A bucket that anybody can write to stores malware at your cost, and lets strangers replace what
--   your programs and visitors trust.
-- remediation: Turn on Block Public Access for the bucket (aws s3api put-public-access-block), then remove the
--   statement or grant that the reason names; let outsiders upload through presigned URLs.
select
  b.arn,
  iif(open.value is null, 'pass', 'fail') as status,
  iif(open.value is null, 'nobody outside can write to the bucket', 'anyone can write to the bucket through '
    || open.value || ', should be closed') as reason
from aws_s3_bucket b, json_each(json_array((
  select min(way) from (
    select 'statement ' || coalesce(s.value ->> '$.Sid', s.key + 1) || ' of the policy' as way
    from json_each(policy_statements(b.policy)) s
    where policy_statement_is_open(s.value)
      and (json_type(s.value, '$.NotAction') is not null
        or exists (
          select 1 from json_each(s.value, '$.Action') a
          where a.value in ('*', '*:*', 's3:*') or lower(a.value) glob 's3:put*'
            or lower(a.value) glob 's3:delete*'
            or 's3:putobject' glob lower(a.value) or 's3:deleteobject' glob lower(a.value)))
    union all
    select 'the ACL by ' || (g.value ->> '$.Permission')
    from json_each(b.acl_grants) g
    where g.value ->> '$.Grantee.URI' in ('http://acs.amazonaws.com/groups/global/AllUsers',
            'http://acs.amazonaws.com/groups/global/AuthenticatedUsers')
      and g.value ->> '$.Permission' in ('WRITE', 'WRITE_ACP', 'FULL_CONTROL')
  )
  where not (
    iif(exists (select 1 from aws_s3_account_settings a where a.restrict_public_buckets), 1,
      coalesce(b.restrict_public_buckets, 0))
    and iif(exists (select 1 from aws_s3_account_settings a where a.ignore_public_acls), 1,
      coalesce(b.ignore_public_acls, 0)))
))) open
