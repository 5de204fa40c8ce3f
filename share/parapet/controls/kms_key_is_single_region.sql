-- id: kms_key_is_single_region
-- title: KMS key: customer's keys stay in one region
-- severity: medium
-- resource_type: aws_kms_key
-- frameworks: iso_27001_2022:A.8.11, iso_27001_2022:A.8.24
-- rationale: A multi-region key carries its material into other regions, so that one weak region is enough to
--   use it.
-- remediation: A multi-region key cannot be turned back: make a single-region key, encrypt anew and delete the
--   old one, unless replication needs it.
select
  k.arn,
  iif(not coalesce(k.multi_region, 0), 'pass', 'fail') as status,
  iif(not coalesce(k.multi_region, 0), 'the key stays in its region',
    'the key is a multi-region key, should be a single-region one') as reason
from aws_kms_key k
where k.key_manager = 'CUSTOMER'
