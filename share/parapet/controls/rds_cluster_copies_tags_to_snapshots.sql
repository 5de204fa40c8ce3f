-- id: rds_cluster_copies_tags_to_snapshots
-- title: RDS cluster: snapshots inherit tags
-- severity: low
-- resource_type: aws_rds_db_cluster
-- frameworks: fsbp:RDS.16, fsbp:RDS.47, fsbp:RDS.48,
--   iso_27001_2022:A.5.13,
--   nis2:11.5.2.a
-- rationale: Policies and bills that go by tags miss snapshots that have none.
-- remediation: Run aws rds modify-db-cluster --copy-tags-to-snapshot.
select
  c.arn,
  iif(c.copy_tags_to_snapshot, 'pass', 'fail') as status,
  iif(c.copy_tags_to_snapshot, 'snapshots inherit the tags',
    'snapshots do not inherit the tags, should') as reason
from aws_rds_db_cluster c
