-- id: vpc_security_group_rdp_is_restricted
-- title: Security group: RDP is closed to the internet
-- severity: high
-- resource_type: aws_vpc_security_group
-- frameworks: cis_aws_3.0:5.2, cis_aws_3.0:5.3,
--   cis_aws_5.0:5.3, cis_aws_5.0:5.4,
--   cis_aws_6.0:6.3, cis_aws_6.0:6.4,
--   cis_aws_7.0:6.3, cis_aws_7.0:6.4,
--   fsbp:EC2.14,
--   soc2:CC6.6,
--   iso_27001_2022:A.8.20, iso_27001_2022:A.8.21, iso_27001_2022:A.8.22
-- rationale: RDP that is open to the internet is the usual way in for ransomware.
-- remediation: Restrict the rule to known addresses or remove it (aws ec2 revoke-security-group-ingress); Fleet
--   Manager or a VPN needs no open port.
select
  g.arn,
  iif(open.value is null, 'pass', 'fail') as status,
  iif(open.value is null, 'no rule lets the internet reach RDP (port 3389)',
    'RDP (port 3389) is open to ' || open.value || ', should be open to known addresses alone') as reason
from aws_vpc_security_group g, json_each(json_array((
  select replace(
    group_concat(distinct coalesce(r.value ->> '$.CidrIp', r.value ->> '$.CidrIpv6')), ',', ' and ')
  from json_each(g.ip_permissions) p, json_each(p.value) k, json_each(p.value, k.fullkey) r
  where k.key in ('IpRanges', 'Ipv6Ranges')
  and coalesce(r.value ->> '$.CidrIp', r.value ->> '$.CidrIpv6') in ('0.0.0.0/0', '::/0')
  and (p.value ->> '$.IpProtocol' = '-1'
    or p.value ->> '$.IpProtocol' in ('tcp', '6')
      and 3389 between p.value ->> '$.FromPort' and p.value ->> '$.ToPort')
))) open
