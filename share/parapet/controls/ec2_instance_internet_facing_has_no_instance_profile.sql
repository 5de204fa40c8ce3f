-- id: ec2_instance_internet_facing_has_no_instance_profile
-- title: EC2 instance: an instance open to the internet carries no role
-- severity: medium
-- resource_type: aws_ec2_instance
-- frameworks: iso_27001_2022:A.8.20, iso_27001_2022:A.8.21, iso_27001_2022:A.8.22
-- rationale: Who takes over a machine that the internet reaches gets its role as well.
-- remediation: Put the machine behind a load balancer in a private subnet, or cut its role down to the little
--   it needs.
select
  i.arn,
  iif(open.value is null, 'pass', 'fail') as status,
  iif(open.value is null, 'not both: open to the internet and with a role',
    i.public_ip_address || ' is open to the internet through ' || open.value || ' and has the profile '
      || i.iam_instance_profile_arn || ', should not have both') as reason
from aws_ec2_instance i, json_each(json_array((
  select min(g.group_id)
  from json_each(i.security_groups) m
    join aws_vpc_security_group g on g.region = i.region and g.group_id = m.value ->> '$.GroupId',
    json_each(g.ip_permissions) p, json_each(p.value) k, json_each(p.value, k.fullkey) r
  where i.public_ip_address is not null and i.iam_instance_profile_arn is not null
    and k.key in ('IpRanges', 'Ipv6Ranges')
    and coalesce(r.value ->> '$.CidrIp', r.value ->> '$.CidrIpv6') in ('0.0.0.0/0', '::/0')
))) open
where i.instance_state <> 'terminated'
