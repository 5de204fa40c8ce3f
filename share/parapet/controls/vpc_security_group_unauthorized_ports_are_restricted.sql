-- id: vpc_security_group_unauthorized_ports_are_restricted
-- title: Security group: the internet reaches authorised ports only
-- severity: high
-- resource_type: aws_vpc_security_group
-- frameworks: fsbp:EC2.18,
--   pci_dss_4.0:1.2.5, pci_dss_4.0:1.2.8, pci_dss_4.0:1.3.1, pci_dss_4.0:1.3.2, pci_dss_4.0:1.4.2,
--   pci_dss_4.0:1.5.1, pci_dss_4.0:2.2.5, pci_dss_4.0:A1.1.3,
--   soc2:CC6.6,
--   iso_27001_2022:A.8.20, iso_27001_2022:A.8.21, iso_27001_2022:A.8.22
-- rationale: What the internet may reach should be decided port by port; all but the web's are a decision that
--   nobody made.
-- remediation: Remove rules for 0.0.0.0/0 and ::/0 on other ports than 80 and 443, or restrict them to known
--   addresses.
select
  g.arn,
  iif(open.value is null, 'pass', 'fail') as status,
  iif(open.value is null, 'the internet reaches ports 80 and 443 at most',
    'the internet reaches ' || open.value || ', should reach TCP 80 and 443 at most') as reason
from aws_vpc_security_group g, json_each(json_array((
  select replace(group_concat(distinct case
      when p.value ->> '$.IpProtocol' = '-1' then 'everything'
      when p.value ->> '$.IpProtocol' not in ('tcp', '6', 'udp', '17') then 'protocol '
        || (p.value ->> '$.IpProtocol')
      when p.value ->> '$.FromPort' = p.value ->> '$.ToPort'
        then (p.value ->> '$.IpProtocol') || ' ' || (p.value ->> '$.FromPort')
      else (p.value ->> '$.IpProtocol') || ' ' || (p.value ->> '$.FromPort') || ' to '
        || (p.value ->> '$.ToPort')
    end), ',', ', ')
  from json_each(g.ip_permissions) p, json_each(p.value) k, json_each(p.value, k.fullkey) r
  where k.key in ('IpRanges', 'Ipv6Ranges')
    and coalesce(r.value ->> '$.CidrIp', r.value ->> '$.CidrIpv6') in ('0.0.0.0/0', '::/0')
    and not coalesce(
      p.value ->> '$.IpProtocol' in ('tcp', '6') and p.value ->> '$.FromPort' = p.value ->> '$.ToPort'
      and p.value ->> '$.FromPort' in (80, 443), 0)
))) open
