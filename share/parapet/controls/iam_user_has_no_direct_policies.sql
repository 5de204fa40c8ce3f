-- id: iam_user_has_no_direct_policies
-- title: IAM users get permissions through groups alone
-- severity: low
-- resource_type: aws_iam_user
-- frameworks: cis_aws_3.0:1.15,
--   cis_aws_5.0:1.14,
--   cis_aws_6.0:2.14,
--   cis_aws_7.0:2.13,
--   fsbp:IAM.2,
--   nist_800_53_r5:AC-2(1), nist_800_53_r5:AC-2(6), nist_800_53_r5:AC-2(i)(2), nist_800_53_r5:AC-3,
--   nist_800_53_r5:AC-3(3), nist_800_53_r5:AC-3(3)(a), nist_800_53_r5:AC-3(3)(b)(1),
--   nist_800_53_r5:AC-3(3)(b)(2), nist_800_53_r5:AC-3(3)(b)(3), nist_800_53_r5:AC-3(3)(b)(4),
--   nist_800_53_r5:AC-3(3)(b)(5), nist_800_53_r5:AC-3(3)(c), nist_800_53_r5:AC-3(4),
--   nist_800_53_r5:AC-3(4)(a), nist_800_53_r5:AC-3(4)(b), nist_800_53_r5:AC-3(4)(c),
--   nist_800_53_r5:AC-3(4)(d), nist_800_53_r5:AC-3(4)(e), nist_800_53_r5:AC-3(7), nist_800_53_r5:AC-3(8),
--   nist_800_53_r5:AC-3(12)(a), nist_800_53_r5:AC-3(13), nist_800_53_r5:AC-3(15)(a),
--   nist_800_53_r5:AC-3(15)(b), nist_800_53_r5:AC-4(28), nist_800_53_r5:AC-6, nist_800_53_r5:AC-6(3),
--   nist_800_53_r5:AC-24, nist_800_53_r5:CM-5(1)(a), nist_800_53_r5:CM-6(a), nist_800_53_r5:CM-9(b),
--   nist_800_53_r5:MP-2, nist_800_53_r5:SC-23(3),
--   nist_800_171_r2:3.4.6,
--   pci_dss_4.0:7.2.1, pci_dss_4.0:7.2.2, pci_dss_4.0:7.2.5, pci_dss_4.0:7.3.1, pci_dss_4.0:7.3.2,
--   pci_dss_4.0:7.3.3, pci_dss_4.0:8.2.1, pci_dss_4.0:8.2.2, pci_dss_4.0:8.2.4, pci_dss_4.0:8.2.5,
--   pci_dss_4.0:8.2.7, pci_dss_4.0:8.2.8, pci_dss_4.0:8.3.4, pci_dss_4.0:8.3.11,
--   soc2:CC1.3,
--   iso_27001_2022:A.5.15,
--   fedramp_moderate_r4:AC-2(1), fedramp_moderate_r4:AC-2(f), fedramp_moderate_r4:AC-2(j),
--   fedramp_moderate_r4:AC-3, fedramp_moderate_r4:AC-5(c), fedramp_moderate_r4:SC-2,
--   nis2:1.2.1, nis2:2.1.2.f, nis2:11.2.2.a
-- rationale: Permissions on single users are overlooked when people change their job; through groups they are
--   granted and taken back in one place.
-- remediation: Put the user into a group that has the permissions (aws iam add-user-to-group), then take them
--   off the user with aws iam detach-user-policy and delete-user-policy.
select
  u.arn,
  iif(json_array_length(u.attached_policies) = 0 and json_array_length(u.inline_policy_names) = 0, 'pass',
    'fail') as status,
  case
    when json_array_length(u.attached_policies) = 0 and json_array_length(u.inline_policy_names) = 0
      then 'the user has no policies of its own'
    else 'the user itself has ' || coalesce(json_array_length(u.attached_policies), 0) || ' managed and '
      || coalesce(json_array_length(u.inline_policy_names), 0)
        || ' inline policies, should have permissions through groups alone'
  end as reason
from aws_iam_user u
