-- id: vpc_security_group_public_ranges_are_narrow
-- title: Security group: no rule admits a huge public range
-- severity: medium
-- resource_type: aws_vpc_security_group
-- frameworks: soc2:CC6.6,
--   iso_27001_2022:A.8.1, iso_27001_2022:A.8.20, iso_27001_2022:A.8.21, iso_27001_2022:A.8.22
-- rationale: A range of thousands of public addresses belongs to many strangers, and is written to get round
--   the rule against 0.0.0.0/0.
-- remediation: Replace the range by the addresses in use, /24 or narrower (aws ec2
--   modify-security-group-rules).
select
  g.arn,
  iif(huge.value is null, 'pass', 'fail') as status,
  iif(huge.value is null, 'public ranges are /24 or narrower',
    'a rule admits ' || huge.value || ', should be /24 or narrower') as reason
from aws_vpc_security_group g, json_each(json_array((
  select min(r.value ->> '$.CidrIp')
  from json_each(g.ip_permissions) p, json_each(p.value, '$.IpRanges') r
  where cast(substr(r.value ->> '$.CidrIp', instr(r.value ->> '$.CidrIp', '/') + 1) as integer) between 1 and 23
    and r.value ->> '$.CidrIp' not like '10.%' and r.value ->> '$.CidrIp' not like '192.168.%'
    and not (r.value ->> '$.CidrIp' like '172.%'
      and cast(substr(r.value ->> '$.CidrIp', 5) as integer) between 16 and 31)
))) huge
