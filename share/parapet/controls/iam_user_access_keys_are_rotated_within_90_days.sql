-- id: iam_user_access_keys_are_rotated_within_90_days
-- title: IAM user: active access keys are younger than 90 days
-- severity: medium
-- resource_type: aws_iam_user
-- frameworks: cis_aws_3.0:1.14,
--   cis_aws_5.0:1.13,
--   cis_aws_6.0:2.13,
--   cis_aws_7.0:2.12,
--   fsbp:IAM.3,
--   nist_800_53_r5:AC-2(1), nist_800_53_r5:AC-3(3), nist_800_53_r5:AC-3(3)(a),
--   nist_800_53_r5:AC-3(3)(b)(1), nist_800_53_r5:AC-3(3)(b)(2), nist_800_53_r5:AC-3(3)(b)(3),
--   nist_800_53_r5:AC-3(3)(b)(4), nist_800_53_r5:AC-3(3)(b)(5), nist_800_53_r5:AC-3(3)(c),
--   nist_800_53_r5:AC-3(4), nist_800_53_r5:AC-3(4)(a), nist_800_53_r5:AC-3(4)(b), nist_800_53_r5:AC-3(4)(c),
--   nist_800_53_r5:AC-3(4)(d), nist_800_53_r5:AC-3(4)(e), nist_800_53_r5:AC-3(8), nist_800_53_r5:AC-3(12)(a),
--   nist_800_53_r5:AC-3(13), nist_800_53_r5:AC-3(15)(a), nist_800_53_r5:AC-3(15)(b), nist_800_53_r5:AC-4(28),
--   nist_800_53_r5:AC-24, nist_800_53_r5:CM-5(1)(a), nist_800_53_r5:CM-6(a), nist_800_53_r5:CM-9(b),
--   nist_800_53_r5:SC-23(3),
--   nist_csf_1.1:PR.AC-1,
--   pci_dss_4.0:8.3.5, pci_dss_4.0:8.3.7, pci_dss_4.0:8.3.9, pci_dss_4.0:8.3.10.1, pci_dss_4.0:8.6.3,
--   iso_27001_2022:A.5.15,
--   hipaa:164.308(a)(3)(ii)(C), hipaa:164.308(a)(4)(ii)(B), hipaa:164.308(a)(5)(ii)(D),
--   gdpr:Art.25,
--   fedramp_moderate_r4:AC-2(1), fedramp_moderate_r4:AC-2(f), fedramp_moderate_r4:AC-2(j),
--   nis2:1.1.1.d, nis2:1.1.2, nis2:2.1.4, nis2:2.3.1, nis2:3.1.3, nis2:6.2.4, nis2:9.2.c,
--   nis2:9.2.c.xii, nis2:11.6.2.c
-- rationale: A key that lives for years has been in more files, terminals and repositories than anybody
--   remembers; changing it ends every unnoticed leak.
-- remediation: Make a new key with aws iam create-access-key, switch the programs over, then deactivate and
--   delete the old one; better, give the programs a role, which needs no key.
select
  u.arn,
  iif(julianday(oldest.value) >= julianday(assessed_at()) - 90, 'pass', 'fail') as status,
  'the oldest active access key was made on ' || substr(oldest.value, 1, 10)
    || iif(julianday(oldest.value) >= julianday(assessed_at()) - 90, '',
      ', should be made within 90 days') as reason
from aws_iam_user u, json_each(json_array((
  select min(k.value ->> '$.CreateDate') from json_each(u.access_keys) k where k.value ->> '$.Status' = 'Active'
))) oldest
where oldest.value is not null
