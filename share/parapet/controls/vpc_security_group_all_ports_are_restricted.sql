-- id: vpc_security_group_all_ports_are_restricted
-- title: Security group: no group is wide open
-- severity: critical
-- resource_type: aws_vpc_security_group
-- frameworks: cis_aws_3.0:5.2, cis_aws_3.0:5.3,
--   cis_aws_5.0:5.3, cis_aws_5.0:5.4,
--   cis_aws_6.0:6.3, cis_aws_6.0:6.4,
--   cis_aws_7.0:6.3, cis_aws_7.0:6.4,
--   soc2:CC6.6,
--   iso_27001_2022:A.8.20, iso_27001_2022:A.8.21, iso_27001_2022:A.8.22
-- rationale: A group that is wide open is no firewall: each program that listens on the machine is on the
--   internet.
-- remediation: Restrict the rule to known addresses or remove it (aws ec2 revoke-security-group-ingress); allow
--   the ports that the service needs, from where it needs them.
select
  g.arn,
  iif(open.value is null, 'pass', 'fail') as status,
  iif(open.value is null, 'no rule lets the internet reach every port',
    'every port is open to ' || open.value || ', should be open to known addresses alone') as reason
from aws_vpc_security_group g, json_each(json_array((
  select replace(
    group_concat(distinct coalesce(r.value ->> '$.CidrIp', r.value ->> '$.CidrIpv6')), ',', ' and ')
  from json_each(g.ip_permissions) p, json_each(p.value) k, json_each(p.value, k.fullkey) r
  where k.key in ('IpRanges', 'Ipv6Ranges')
    and coalesce(r.value ->> '$.CidrIp', r.value ->> '$.CidrIpv6') in ('0.0.0.0/0', '::/0')
    and (p.value ->> '$.IpProtocol' = '-1'
      or p.value ->> '$.FromPort' = 0 and p.value ->> '$.ToPort' = 65535)
))) open
