-- id: vpc_default_security_group_is_closed
-- title: Security group: the default group lets nothing in or out
-- severity: high
-- resource_type: aws_vpc_security_group
-- frameworks: cis_aws_3.0:5.4,
--   cis_aws_5.0:5.5,
--   cis_aws_6.0:6.5,
--   cis_aws_7.0:6.5,
--   fsbp:EC2.2,
--   nist_800_53_r5:AC-4(21), nist_800_53_r5:AC-17(1), nist_800_53_r5:AC-17(4)(a),
--   nist_800_53_r5:AC-17(9), nist_800_53_r5:AC-17(10), nist_800_53_r5:AC-17(b), nist_800_53_r5:CM-6(a),
--   nist_800_53_r5:CM-9(b), nist_800_53_r5:SC-7(5), nist_800_53_r5:SC-7(7), nist_800_53_r5:SC-7(11),
--   nist_800_53_r5:SC-7(12), nist_800_53_r5:SC-7(16), nist_800_53_r5:SC-7(21), nist_800_53_r5:SC-7(24)(b),
--   nist_800_53_r5:SC-7(25), nist_800_53_r5:SC-7(26), nist_800_53_r5:SC-7(27), nist_800_53_r5:SC-7(28),
--   nist_800_53_r5:SC-7(a), nist_800_53_r5:SC-7(c),
--   nist_csf_1.1:DE.AE-1, nist_csf_1.1:PR.AC-3, nist_csf_1.1:PR.AC-5,
--   nist_800_171_r2:3.1.1, nist_800_171_r2:3.1.2, nist_800_171_r2:3.1.3, nist_800_171_r2:3.1.14,
--   nist_800_171_r2:3.1.20, nist_800_171_r2:3.4.6, nist_800_171_r2:3.4.7, nist_800_171_r2:3.13.2,
--   nist_800_171_r2:3.13.5,
--   iso_27001_2022:A.8.20, iso_27001_2022:A.8.21, iso_27001_2022:A.8.22,
--   fedramp_moderate_r4:AC-4, fedramp_moderate_r4:AC-17(1), fedramp_moderate_r4:AC-21(b),
--   fedramp_moderate_r4:CM-2, fedramp_moderate_r4:SC-4, fedramp_moderate_r4:SC-7, fedramp_moderate_r4:SC-7(3)
-- rationale: Whatever is started without a group gets the default one; empty, it gives nothing by oversight.
-- remediation: Give machines in the group one of their own, then remove all inbound and outbound rules of the
--   default group.
select
  g.arn,
  iif(coalesce(json_array_length(g.ip_permissions), 0) + coalesce(
    json_array_length(g.ip_permissions_egress), 0) = 0,
    'pass', 'fail') as status,
  iif(coalesce(json_array_length(g.ip_permissions), 0) + coalesce(
    json_array_length(g.ip_permissions_egress), 0) = 0,
    'the default group has no rules',
    'the default group has ' || coalesce(json_array_length(g.ip_permissions), 0) || ' inbound and '
      || coalesce(json_array_length(g.ip_permissions_egress), 0)
        || ' outbound rules, should have none') as reason
from aws_vpc_security_group g
where g.group_name = 'default'
