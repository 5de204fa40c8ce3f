-- id: iam_policy_customer_has_no_administrative_privileges
-- title: IAM policy: no customer managed policy in use grants everything
-- severity: high
-- resource_type: aws_iam_policy
-- frameworks: cis_aws_3.0:1.16,
--   cis_aws_5.0:1.15,
--   cis_aws_6.0:2.15,
--   cis_aws_7.0:2.14,
--   fsbp:IAM.1,
--   nist_800_53_r5:AC-2(1), nist_800_53_r5:AC-2(6), nist_800_53_r5:AC-2(i)(2), nist_800_53_r5:AC-3,
--   nist_800_53_r5:AC-3(3), nist_800_53_r5:AC-3(3)(a), nist_800_53_r5:AC-3(3)(b)(1),
--   nist_800_53_r5:AC-3(3)(b)(2), nist_800_53_r5:AC-3(3)(b)(3), nist_800_53_r5:AC-3(3)(b)(4),
--   nist_800_53_r5:AC-3(3)(b)(5), nist_800_53_r5:AC-3(3)(c), nist_800_53_r5:AC-3(4),
--   nist_800_53_r5:AC-3(4)(a), nist_800_53_r5:AC-3(4)(b), nist_800_53_r5:AC-3(4)(c),
--   nist_800_53_r5:AC-3(4)(d), nist_800_53_r5:AC-3(4)(e), nist_800_53_r5:AC-3(7), nist_800_53_r5:AC-3(8),
--   nist_800_53_r5:AC-3(12)(a), nist_800_53_r5:AC-3(13), nist_800_53_r5:AC-3(15)(a),
--   nist_800_53_r5:AC-3(15)(b), nist_800_53_r5:AC-4(28), nist_800_53_r5:AC-5(b), nist_800_53_r5:AC-6,
--   nist_800_53_r5:AC-6(2), nist_800_53_r5:AC-6(3), nist_800_53_r5:AC-6(10), nist_800_53_r5:AC-24,
--   nist_800_53_r5:CM-5(1)(a), nist_800_53_r5:CM-6(a), nist_800_53_r5:CM-9(b), nist_800_53_r5:MP-2,
--   nist_800_53_r5:SC-23(3), nist_800_53_r5:SC-25,
--   nist_csf_1.1:PR.AC-1, nist_csf_1.1:PR.AC-4, nist_csf_1.1:PR.PT-3,
--   nist_800_171_r2:3.1.1, nist_800_171_r2:3.1.2, nist_800_171_r2:3.1.4, nist_800_171_r2:3.1.5,
--   nist_800_171_r2:3.1.6, nist_800_171_r2:3.1.7, nist_800_171_r2:3.4.6, nist_800_171_r2:3.13.3,
--   soc2:CC1.3, soc2:CC6.3,
--   iso_27001_2022:A.5.18, iso_27001_2022:A.8.2,
--   hipaa:164.308(a)(1)(ii)(B), hipaa:164.308(a)(3)(i), hipaa:164.308(a)(3)(ii)(B),
--   hipaa:164.308(a)(4)(i), hipaa:164.308(a)(4)(ii)(B), hipaa:164.312(a)(1),
--   gdpr:Art.25,
--   fedramp_moderate_r4:AC-2(1), fedramp_moderate_r4:AC-2(f), fedramp_moderate_r4:AC-2(j),
--   fedramp_moderate_r4:AC-3, fedramp_moderate_r4:AC-5(c), fedramp_moderate_r4:AC-6,
--   fedramp_moderate_r4:AC-6(10), fedramp_moderate_r4:SC-2
-- rationale: A policy with all actions on all resources makes an administrator of everybody who gets it,
--   whatever its name says.
-- remediation: Write a new version that names the actions and resources in use (aws iam create-policy-version
--   --set-as-default); IAM Access Analyzer can generate it from CloudTrail.
select
  p.arn,
  iif(wide.value is null, 'pass', 'fail') as status,
  iif(wide.value is null, 'no statement allows everything', 'statement ' || wide.value
    || ' allows all actions on all resources, should name what is needed') as reason
from aws_iam_policy p, json_each(json_array((
  select min(coalesce(s.value ->> '$.Sid', s.key + 1))
  from json_each(policy_statements(p.document)) s
  where s.value ->> '$.Effect' = 'Allow'
    and (json_type(s.value, '$.NotAction') is not null
      or exists (select 1 from json_each(s.value, '$.Action') a where a.value in ('*', '*:*')))
    and (json_type(s.value, '$.NotResource') is not null
      or exists (select 1 from json_each(s.value, '$.Resource') r where r.value = '*'))
))) wide
where p.arn not like 'arn:%:iam::aws:policy/%' and p.attachment_count > 0
