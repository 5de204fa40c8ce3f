-- id: vpc_security_group_memcached_is_restricted
-- title: Security group: Memcached is closed to the internet
-- severity: high
-- resource_type: aws_vpc_security_group
-- frameworks: soc2:CC6.6,
--   iso_27001_2022:A.8.20, iso_27001_2022:A.8.21, iso_27001_2022:A.8.22
-- rationale: Memcached asks for no password, and over UDP it amplifies attacks on others.
-- remediation: Restrict the rule to known addresses or remove it (aws ec2 revoke-security-group-ingress); let
--   in the security group of the application instead of addresses.
select
  g.arn,
  iif(open.value is null, 'pass', 'fail') as status,
  iif(open.value is null, 'no rule lets the internet reach Memcached (port 11211)',
    'Memcached (port 11211) is open to ' || open.value || ', should be open to known addresses alone') as reason
from aws_vpc_security_group g, json_each(json_array((
  select replace(
    group_concat(distinct coalesce(r.value ->> '$.CidrIp', r.value ->> '$.CidrIpv6')), ',', ' and ')
  from json_each(g.ip_permissions) p, json_each(p.value) k, json_each(p.value, k.fullkey) r
  where k.key in ('IpRanges', 'Ipv6Ranges')
  and coalesce(r.value ->> '$.CidrIp', r.value ->> '$.CidrIpv6') in ('0.0.0.0/0', '::/0')
  and (p.value ->> '$.IpProtocol' = '-1'
    or p.value ->> '$.IpProtocol' in ('tcp', '6', 'udp', '17')
      and 11211 between p.value ->> '$.FromPort' and p.value ->> '$.ToPort')
))) open
