-- id: ec2_instance_is_not_exposed_on_rdp
-- title: EC2 instance: the internet cannot reach RDP on the instance
-- severity: critical
-- resource_type: aws_ec2_instance
-- frameworks: soc2:CC6.6,
--   iso_27001_2022:A.8.20, iso_27001_2022:A.8.21, iso_27001_2022:A.8.22,
--   nis2:6.7.2.g
-- rationale: A machine that answers RDP to the whole internet is the usual way in for ransomware.
-- remediation: Close the port in the group that the reason names (aws ec2 revoke-security-group-ingress) and
--   reach the machine through Session Manager or a VPN.
select
  i.arn,
  iif(open.value is null, 'pass', 'fail') as status,
  case
    when open.value is not null
      then i.public_ip_address || ' is open to RDP from the internet through ' || open.value
        || ', should be closed'
    when i.public_ip_address is null then 'the instance has no public address'
    else 'no security group lets the internet reach RDP'
  end as reason
from aws_ec2_instance i, json_each(json_array((
  select min(g.group_id)
  from json_each(i.security_groups) m
    join aws_vpc_security_group g on g.region = i.region and g.group_id = m.value ->> '$.GroupId',
    json_each(g.ip_permissions) p, json_each(p.value) k, json_each(p.value, k.fullkey) r
  where i.public_ip_address is not null
    and k.key in ('IpRanges', 'Ipv6Ranges')
    and coalesce(r.value ->> '$.CidrIp', r.value ->> '$.CidrIpv6') in ('0.0.0.0/0', '::/0')
    and (p.value ->> '$.IpProtocol' = '-1'
      or p.value ->> '$.IpProtocol' in ('tcp', '6')
        and 3389 between p.value ->> '$.FromPort' and p.value ->> '$.ToPort')
))) open
where i.instance_state <> 'terminated'
