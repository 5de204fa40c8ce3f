-- id: s3_bucket_requires_tls
-- title: The S3 bucket refuses plain HTTP
-- severity: medium
-- resource_type: aws_s3_bucket
-- frameworks: cis_aws_3.0:2.1.1,
--   cis_aws_5.0:2.1.1,
--   cis_aws_6.0:3.1.1,
--   cis_aws_7.0:3.1.1,
--   fsbp:S3.5,
--   nist_800_53_r5:AC-4, nist_800_53_r5:AC-4(22), nist_800_53_r5:AC-17(2), nist_800_53_r5:AC-24(1),
--   nist_800_53_r5:AU-9(3), nist_800_53_r5:CA-9(b), nist_800_53_r5:CM-6(a), nist_800_53_r5:CM-9(b),
--   nist_800_53_r5:IA-5(1)(c), nist_800_53_r5:PM-11(b), nist_800_53_r5:PM-17(b), nist_800_53_r5:SC-7(4)(b),
--   nist_800_53_r5:SC-7(4)(g), nist_800_53_r5:SC-7(5), nist_800_53_r5:SC-8, nist_800_53_r5:SC-8(1),
--   nist_800_53_r5:SC-8(2), nist_800_53_r5:SC-8(3), nist_800_53_r5:SC-8(4), nist_800_53_r5:SC-8(5),
--   nist_800_53_r5:SC-13(a), nist_800_53_r5:SC-16(1), nist_800_53_r5:SC-23, nist_800_53_r5:SI-1(a)(2),
--   nist_csf_1.1:PR.DS-2,
--   nist_800_171_r2:3.1.13, nist_800_171_r2:3.5.10, nist_800_171_r2:3.13.1, nist_800_171_r2:3.13.5,
--   nist_800_171_r2:3.13.8, nist_800_171_r2:3.13.11, nist_800_171_r2:3.13.16,
--   pci_dss_4.0:1.2.5, pci_dss_4.0:2.2.5, pci_dss_4.0:2.2.7, pci_dss_4.0:4.2.1, pci_dss_4.0:4.2.1.1,
--   pci_dss_4.0:8.3.2,
--   hipaa:164.308(a)(1)(ii)(B), hipaa:164.312(a)(2)(iv), hipaa:164.312(c)(1), hipaa:164.312(c)(2),
--   hipaa:164.312(e)(1), hipaa:164.312(e)(2)(i), hipaa:164.312(e)(2)(ii),
--   gdpr:Art.32,
--   fedramp_moderate_r4:AC-17(2), fedramp_moderate_r4:SC-7, fedramp_moderate_r4:SC-8,
--   fedramp_moderate_r4:SC-8(1), fedramp_moderate_r4:SC-23
-- rationale: Without it, a client that speaks plain HTTP sends objects and signatures readable over every
--   network on the way.
-- remediation: Add a Deny statement for Principal *, Action s3:*, the bucket's ARN and ARN/* with the condition
--   Bool aws:SecureTransport false to the bucket policy.
select
  b.arn,
  iif(refused.value = 1, 'pass', 'fail') as status,
  case
    when refused.value = 1 then 'the policy refuses requests without TLS'
    when b.policy is null then 'the bucket has no policy, should have one that refuses requests without TLS'
    else 'no statement of the policy refuses requests without TLS, should have one for the bucket and its objects'
  end as reason
from aws_s3_bucket b, json_each(json_array(exists (
  select 1
  from json_each(policy_statements(b.policy)) s
  where s.value ->> '$.Effect' = 'Deny'
    and (s.value ->> '$.Principal' = '*'
      or exists (select 1 from json_each(s.value, '$.Principal.AWS') p where p.value = '*'))
    and exists (select 1 from json_each(s.value, '$.Action') a where lower(a.value) in ('*', 's3:*'))
    and exists (select 1 from json_each(s.value, '$.Resource') r where r.value in ('*', b.arn, b.arn || '*'))
    and exists (select 1 from json_each(s.value, '$.Resource') r
      where r.value in ('*', b.arn || '/*', b.arn || '*'))
    and exists (
      select 1
      from json_each(s.value, '$.Condition') o, json_each(o.value) c, json_each(o.value, c.fullkey) v
      where lower(o.key) = 'bool' and lower(c.key) = 'aws:securetransport' and lower(v.atom) in ('false', '0'))
))) refused
