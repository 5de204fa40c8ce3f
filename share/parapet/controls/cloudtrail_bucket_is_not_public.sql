-- id: cloudtrail_bucket_is_not_public
-- title: The CloudTrail trail's bucket is not public
-- severity: critical
-- resource_type: aws_cloudtrail_trail
-- frameworks: fsbp:CloudTrail.6,
--   iso_27001_2022:A.8.1, iso_27001_2022:A.8.15, iso_27001_2022:A.8.16,
--   gdpr:Art.25,
--   nis2:3.2.3.c
-- rationale: The record of every call tells a stranger who works in the account, with which roles and on what;
--   in a public bucket they may delete it as well.
-- remediation: Turn on Block Public Access for the bucket that the reason names and remove the statement or
--   grant; a trail's bucket needs to let in cloudtrail.amazonaws.com alone.
select
  t.arn,
  iif(open.value is null, 'pass', 'fail') as status,
  iif(open.value is null, 'the bucket ' || t.s3_bucket_name || ' is not public',
    'the bucket ' || t.s3_bucket_name || ' is public through ' || open.value || ', should be closed') as reason
from aws_cloudtrail_trail t join aws_s3_bucket b on b.bucket_name = t.s3_bucket_name, json_each(json_array((
  select min(way) from (
    select 'statement ' || coalesce(s.value ->> '$.Sid', s.key + 1) || ' of the policy' as way
    from json_each(policy_statements(b.policy)) s
    where b.policy_is_public
      and policy_statement_is_open(s.value)
      and (json_type(s.value, '$.NotAction') is not null
        or exists (
          select 1 from json_each(s.value, '$.Action') a
          where a.value in ('*', '*:*', 's3:*') or lower(a.value) glob 's3:get*'
            or lower(a.value) glob 's3:list*'
            or 's3:getobject' glob lower(a.value) or 's3:listbucket' glob lower(a.value)))
    union all
    select 'the ACL by ' || (g.value ->> '$.Permission')
    from json_each(b.acl_grants) g
    where g.value ->> '$.Grantee.URI' in ('http://acs.amazonaws.com/groups/global/AllUsers',
            'http://acs.amazonaws.com/groups/global/AuthenticatedUsers')
      and g.value ->> '$.Permission' in ('READ', 'READ_ACP', 'FULL_CONTROL')
    union all
    select 'statement ' || coalesce(s.value ->> '$.Sid', s.key + 1) || ' of the policy' as way
    from json_each(policy_statements(b.policy)) s
    where policy_statement_is_open(s.value)
      and (json_type(s.value, '$.NotAction') is not null
        or exists (
          select 1 from json_each(s.value, '$.Action') a
          where a.value in ('*', '*:*', 's3:*') or lower(a.value) glob 's3:put*'
            or lower(a.value) glob 's3:delete*'
            or 's3:putobject' glob lower(a.value) or 's3:deleteobject' glob lower(a.value)))
    union all
    select 'the ACL by ' || (g.value ->> '$.Permission')
    from json_each(b.acl_grants) g
    where g.value ->> '$.Grantee.URI' in ('http://acs.amazonaws.com/groups/global/AllUsers',
            'http://acs.amazonaws.com/groups/global/AuthenticatedUsers')
      and g.value ->> '$.Permission' in ('WRITE', 'WRITE_ACP', 'FULL_CONTROL')
  )
  where not (
    iif(exists (select 1 from aws_s3_account_settings a where a.restrict_public_buckets), 1,
      coalesce(b.restrict_public_buckets, 0))
    and iif(exists (select 1 from aws_s3_account_settings a where a.ignore_public_acls), 1,
      coalesce(b.ignore_public_acls, 0)))
))) open
where substr(t.arn, instr(t.arn, ':' || t.home_region || ':') + length(t.home_region) + 2, 12) = t.account_id
