-- id: s3_bucket_policy_restricts_other_accounts
-- title: S3 bucket: other accounts get no sensitive permission on the bucket
-- severity: high
-- resource_type: aws_s3_bucket
-- frameworks: fsbp:S3.6,
--   pci_dss_4.0:7.2.1, pci_dss_4.0:7.2.2, pci_dss_4.0:7.2.5, pci_dss_4.0:7.2.6, pci_dss_4.0:7.3.1,
--   pci_dss_4.0:7.3.2, pci_dss_4.0:7.3.3, pci_dss_4.0:8.2.7, pci_dss_4.0:8.2.8, pci_dss_4.0:8.3.4,
--   pci_dss_4.0:10.6.3
-- rationale: Another account that may change the bucket's policy, ACLs or encryption can take the bucket over.
-- remediation: Take the action out of the statement that the reason names, or give it to a role of your own
--   account.
select
  b.arn,
  iif(given.value is null, 'pass', 'fail') as status,
  iif(given.value is null, 'no other account may change the policy, ACLs or encryption',
    given.value || ', should be allowed to no other account') as reason
from aws_s3_bucket b, json_each(json_array((
  select min(p.value || ' may ' || sensitive.value)
  from json_each(policy_statements(b.policy)) s,
    json_each(iif(s.value ->> '$.Principal' = '*', '["*"]', coalesce(s.value -> '$.Principal.AWS', '[]'))) p,
    json_each(json_array(
      iif(p.value like 'arn:%', substr(p.value, instr(p.value, '::') + 2, 12), p.value))) other,
    json_each(json_array('s3:DeleteBucketPolicy', 's3:PutBucketAcl', 's3:PutBucketPolicy',
      's3:PutEncryptionConfiguration', 's3:PutObjectAcl')) sensitive
  where s.value ->> '$.Effect' = 'Allow'
    and (other.value = '*' or length(other.value) = 12 and other.value not glob '*[^0-9]*'
      and other.value <> b.account_id)
    and (json_type(s.value, '$.NotAction') is not null
      or exists (select 1 from json_each(s.value, '$.Action') a
        where lower(sensitive.value) glob lower(a.value)))
))) given
where b.policy is not null
