-- id: vpc_security_group_admin_ports_ipv4_are_restricted
-- title: Security group: administration ports are closed to all of IPv4
-- severity: high
-- resource_type: aws_vpc_security_group
-- frameworks: cis_aws_3.0:5.2,
--   cis_aws_5.0:5.3,
--   cis_aws_6.0:6.3,
--   cis_aws_7.0:6.3,
--   nist_800_53_r5:AC-17(1), nist_800_53_r5:AC-17(9), nist_800_53_r5:AC-17(10),
--   nist_800_53_r5:AC-17(b), nist_800_53_r5:CM-9(b), nist_800_53_r5:SC-7(7), nist_800_53_r5:SC-7(11),
--   nist_800_53_r5:SC-7(12), nist_800_53_r5:SC-7(16), nist_800_53_r5:SC-7(21), nist_800_53_r5:SC-7(24)(b),
--   nist_800_53_r5:SC-7(25), nist_800_53_r5:SC-7(26), nist_800_53_r5:SC-7(27), nist_800_53_r5:SC-7(28),
--   nist_800_53_r5:SC-7(a), nist_800_53_r5:SC-7(c),
--   nist_csf_1.1:DE.AE-1, nist_csf_1.1:PR.AC-3, nist_csf_1.1:PR.AC-5, nist_csf_1.1:PR.DS-7,
--   nist_csf_1.1:PR.PT-4,
--   nist_800_171_r2:3.1.1, nist_800_171_r2:3.1.2, nist_800_171_r2:3.1.3, nist_800_171_r2:3.1.14,
--   nist_800_171_r2:3.1.20, nist_800_171_r2:3.4.7, nist_800_171_r2:3.13.1, nist_800_171_r2:3.13.2,
--   nist_800_171_r2:3.13.5, nist_800_171_r2:3.13.6,
--   pci_dss_4.0:1.2.8, pci_dss_4.0:1.3.1, pci_dss_4.0:1.3.2, pci_dss_4.0:1.4.2, pci_dss_4.0:1.5.1,
--   pci_dss_4.0:A1.1.3,
--   soc2:CC6.6, soc2:CC7.2,
--   iso_27001_2022:A.8.20, iso_27001_2022:A.8.21, iso_27001_2022:A.8.22,
--   hipaa:164.308(a)(1)(ii)(B), hipaa:164.312(e)(1),
--   fedramp_moderate_r4:AC-4, fedramp_moderate_r4:AC-17(1), fedramp_moderate_r4:CM-2,
--   fedramp_moderate_r4:SC-4, fedramp_moderate_r4:SC-7, fedramp_moderate_r4:SC-7(3)
-- rationale: Whoever can reach an administration port can try to administer.
-- remediation: Restrict the rule to known addresses or remove it (aws ec2 revoke-security-group-ingress);
--   Session Manager needs no open port.
select
  g.arn,
  iif(open.value is null, 'pass', 'fail') as status,
  iif(open.value is null, 'no rule lets the internet reach an administration port (22 or 3389)',
    'an administration port (22 or 3389) is open to ' || open.value
      || ', should be open to known addresses alone') as reason
from aws_vpc_security_group g, json_each(json_array((
  select replace(
    group_concat(distinct coalesce(r.value ->> '$.CidrIp', r.value ->> '$.CidrIpv6')), ',', ' and ')
  from json_each(g.ip_permissions) p, json_each(p.value) k, json_each(p.value, k.fullkey) r
  where k.key = 'IpRanges' and r.value ->> '$.CidrIp' = '0.0.0.0/0'
    and (p.value ->> '$.IpProtocol' = '-1'
      or p.value ->> '$.IpProtocol' in ('tcp', '6')
        and (22 between p.value ->> '$.FromPort' and p.value ->> '$.ToPort'
          or 3389 between p.value ->> '$.FromPort' and p.value ->> '$.ToPort'))
))) open
