-- id: rds_cluster_backtrack_is_enabled
-- title: RDS cluster: Aurora MySQL can be wound back
-- severity: medium
-- resource_type: aws_rds_db_cluster
-- frameworks: fsbp:RDS.14,
--   nis2:4.2.2.e
-- rationale: Winding back undoes a wrong statement in minutes, without a restore.
-- remediation: Backtracking is chosen when a cluster is made or restored: restore a snapshot with
--   --backtrack-window.
select
  c.arn,
  iif(c.backtrack_window > 0, 'pass', 'fail') as status,
  iif(c.backtrack_window > 0, 'the cluster can be wound back ' || c.backtrack_window || ' seconds',
    'backtracking is off, should be on') as reason
from aws_rds_db_cluster c
where c.engine = 'aurora-mysql'
