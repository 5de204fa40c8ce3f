-- id: s3_bucket_is_not_publicly_listable_by_acl
-- title: The S3 bucket's ACL lets no stranger list it
-- severity: critical
-- resource_type: aws_s3_bucket
-- rationale: A list of all object names is a map for whoever looks for something to steal.
-- remediation: Run aws s3api put-bucket-acl --acl private, or switch ACLs off with the ownership setting
--   BucketOwnerEnforced.
select
  b.arn,
  iif(open.value is null, 'pass', 'fail') as status,
  iif(open.value is null, 'no stranger can list the bucket through its ACL',
    'the ACL gives ' || open.value || ', should give strangers nothing') as reason
from aws_s3_bucket b, json_each(json_array((
  select min((g.value ->> '$.Permission') || ' to '
    || substr(g.value ->> '$.Grantee.URI', length('http://acs.amazonaws.com/groups/global/') + 1))
  from json_each(b.acl_grants) g
  where g.value ->> '$.Grantee.URI' in ('http://acs.amazonaws.com/groups/global/AllUsers',
          'http://acs.amazonaws.com/groups/global/AuthenticatedUsers')
    and g.value ->> '$.Permission' in ('READ', 'FULL_CONTROL')
    and not iif(exists (select 1 from aws_s3_account_settings a where a.ignore_public_acls), 1,
      coalesce(b.ignore_public_acls, 0))
))) open
