-- id: vpc_security_group_rule_count_is_moderate
-- title: Security group: a group has no more than 50 rules each way
-- severity: low
-- resource_type: aws_vpc_security_group
-- frameworks: iso_27001_2022:A.8.20, iso_27001_2022:A.8.21, iso_27001_2022:A.8.22
-- rationale: Nobody reads a group of a hundred rules; what should have gone long ago stays in it.
-- remediation: Replace single addresses by ranges, prefix lists or source groups, and remove what is not in
--   use.
select
  g.arn,
  iif(inbound.value <= 50 and outbound.value <= 50, 'pass', 'fail') as status,
  'the group has ' || inbound.value || ' inbound and ' || outbound.value || ' outbound ranges'
    || iif(inbound.value <= 50 and outbound.value <= 50, '', ', should have 50 each way at most') as reason
from aws_vpc_security_group g, json_each(json_array((
  select count(*)
  from json_each(g.ip_permissions) p, json_each(p.value) k, json_each(p.value, k.fullkey) r
  where k.key in ('IpRanges', 'Ipv6Ranges', 'UserIdGroupPairs', 'PrefixListIds')
))) inbound, json_each(json_array((
  select count(*)
  from json_each(g.ip_permissions_egress) p, json_each(p.value) k, json_each(p.value, k.fullkey) r
  where k.key in ('IpRanges', 'Ipv6Ranges', 'UserIdGroupPairs', 'PrefixListIds')
))) outbound
