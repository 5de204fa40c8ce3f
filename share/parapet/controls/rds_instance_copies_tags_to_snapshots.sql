-- id: rds_instance_copies_tags_to_snapshots
-- title: RDS instance: snapshots inherit tags
-- severity: low
-- resource_type: aws_rds_db_instance
-- frameworks: fsbp:RDS.17,
--   soc2:CC7.5,
--   nis2:11.5.2.a
-- rationale: Policies and bills that go by tags miss snapshots that have none.
-- remediation: Run aws rds modify-db-instance --copy-tags-to-snapshot.
select
  d.arn,
  iif(d.copy_tags_to_snapshot, 'pass', 'fail') as status,
  iif(d.copy_tags_to_snapshot, 'snapshots inherit the tags',
    'snapshots do not inherit the tags, should') as reason
from aws_rds_db_instance d
where d.db_cluster_identifier is null
