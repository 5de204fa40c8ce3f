-- id: vpc_network_acl_admin_ports_are_restricted
-- title: Network ACLs close SSH and RDP to the internet
-- severity: medium
-- resource_type: aws_vpc_network_acl
-- frameworks: cis_aws_3.0:5.1,
--   cis_aws_5.0:5.2,
--   cis_aws_6.0:6.2,
--   cis_aws_7.0:6.2,
--   fsbp:EC2.21,
--   nist_800_53_r5:AC-4(21), nist_800_53_r5:AC-17(1), nist_800_53_r5:AC-17(4)(a),
--   nist_800_53_r5:AC-17(9), nist_800_53_r5:AC-17(10), nist_800_53_r5:AC-17(b), nist_800_53_r5:CM-2(2),
--   nist_800_53_r5:CM-2(a), nist_800_53_r5:CM-6(a), nist_800_53_r5:CM-7(b), nist_800_53_r5:CM-8(6),
--   nist_800_53_r5:CM-9(b), nist_800_53_r5:SC-7(5), nist_800_53_r5:SC-7(7), nist_800_53_r5:SC-7(11),
--   nist_800_53_r5:SC-7(12), nist_800_53_r5:SC-7(16), nist_800_53_r5:SC-7(21), nist_800_53_r5:SC-7(24)(b),
--   nist_800_53_r5:SC-7(25), nist_800_53_r5:SC-7(26), nist_800_53_r5:SC-7(27), nist_800_53_r5:SC-7(28),
--   nist_800_53_r5:SC-7(a), nist_800_53_r5:SC-7(c),
--   nist_csf_1.1:DE.AE-1, nist_csf_1.1:PR.AC-3, nist_csf_1.1:PR.AC-5, nist_csf_1.1:PR.PT-4,
--   nist_800_171_r2:3.1.1, nist_800_171_r2:3.1.2, nist_800_171_r2:3.1.3, nist_800_171_r2:3.1.14,
--   nist_800_171_r2:3.1.20, nist_800_171_r2:3.4.1, nist_800_171_r2:3.4.7, nist_800_171_r2:3.13.1,
--   nist_800_171_r2:3.13.2, nist_800_171_r2:3.13.5, nist_800_171_r2:3.13.6,
--   pci_dss_4.0:1.2.8, pci_dss_4.0:1.3.1, pci_dss_4.0:1.3.2, pci_dss_4.0:1.4.2, pci_dss_4.0:1.5.1,
--   pci_dss_4.0:A1.1.3,
--   soc2:CC6.6,
--   iso_27001_2022:A.8.20, iso_27001_2022:A.8.21, iso_27001_2022:A.8.22,
--   hipaa:164.308(a)(1)(ii)(B), hipaa:164.312(e)(1),
--   fedramp_moderate_r4:AC-4, fedramp_moderate_r4:AC-17(1), fedramp_moderate_r4:AC-21(b),
--   fedramp_moderate_r4:CM-2, fedramp_moderate_r4:SC-4, fedramp_moderate_r4:SC-7, fedramp_moderate_r4:SC-7(3),
--   nis2:6.7.2.g
-- rationale: Network ACLs stop what a careless security group lets in.
-- remediation: Add a deny rule for ports 22 and 3389 from 0.0.0.0/0 and ::/0 with a lower number than the rule
--   that allows them, or replace that rule by known ranges.
select
  n.arn,
  iif(open.value is null, 'pass', 'fail') as status,
  iif(open.value is null, 'ports 22 and 3389 are closed to the internet',
    'the internet reaches port ' || open.value || ', should be denied') as reason
from aws_vpc_network_acl n, json_each(json_array((
  select group_concat((probe.value ->> 0) || ' over ' || (probe.value ->> 1), ', ')
  from json_each('[[22,"0.0.0.0/0"],[22,"::/0"],[3389,"0.0.0.0/0"],[3389,"::/0"]]') probe
  where 'allow' = (
    select e.value ->> '$.RuleAction'
    from json_each(n.entries) e
    where not coalesce(e.value ->> '$.Egress', 0)
      and coalesce(e.value ->> '$.CidrBlock', e.value ->> '$.Ipv6CidrBlock') = probe.value ->> 1
      and (e.value ->> '$.Protocol' = '-1'
        or e.value ->> '$.Protocol' = '6'
          and coalesce(
            probe.value ->> 0 between e.value ->> '$.PortRange.From' and e.value ->> '$.PortRange.To', 1))
    order by e.value ->> '$.RuleNumber'
    limit 1)
))) open
where json_array_length(n.associations) > 0
