-- id: vpc_security_group_high_risk_ports_are_restricted
-- title: Security group: high-risk ports are closed to the internet
-- severity: critical
-- resource_type: aws_vpc_security_group
-- frameworks: fsbp:EC2.19,
--   soc2:CC6.6,
--   iso_27001_2022:A.8.20, iso_27001_2022:A.8.21, iso_27001_2022:A.8.22
-- rationale: Behind these ports are administration, databases and tools that were never meant for strangers.
-- remediation: Restrict the rules to known addresses or security groups, or remove them (aws ec2
--   revoke-security-group-ingress).
select
  g.arn,
  iif(open.value is null, 'pass', 'fail') as status,
  iif(open.value is null, 'no rule lets the internet reach a high-risk port',
    'the internet reaches port ' || open.value || ', should be open to known addresses alone') as reason
from aws_vpc_security_group g, json_each(json_array((
  select group_concat(port.value, ', ')
  from json_each('[20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, '
      || '3306, 3389, 4333, 5000, 5432, 5500, 5601, 8080, 8088, 8888, 9200, 9300]') port
  where exists (
    select 1
    from json_each(g.ip_permissions) p, json_each(p.value) k, json_each(p.value, k.fullkey) r
    where k.key in ('IpRanges', 'Ipv6Ranges')
      and coalesce(r.value ->> '$.CidrIp', r.value ->> '$.CidrIpv6') in ('0.0.0.0/0', '::/0')
      and (p.value ->> '$.IpProtocol' = '-1'
        or p.value ->> '$.IpProtocol' in ('tcp', '6')
          and port.value between p.value ->> '$.FromPort' and p.value ->> '$.ToPort'))
))) open
