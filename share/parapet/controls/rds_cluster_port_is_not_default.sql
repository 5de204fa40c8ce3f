-- id: rds_cluster_port_is_not_default
-- title: The RDS cluster does not listen on its engine's default port
-- severity: low
-- resource_type: aws_rds_db_cluster
-- frameworks: fsbp:RDS.23
-- rationale: Scanners try the default ports first.
-- remediation: Run aws rds modify-db-cluster --port, and tell its clients.
select
  c.arn,
  iif(c.port <> case when c.engine like '%mysql' then 3306 when c.engine like '%postgres%' then 5432 else 0 end,
    'pass', 'fail') as status,
  iif(c.port <> case when c.engine like '%mysql' then 3306 when c.engine like '%postgres%' then 5432 else 0 end,
    'the cluster listens on port ' || c.port, 'the cluster listens on '
    || coalesce('the default port ' || c.port, 'no known port') || ', should be another') as reason
from aws_rds_db_cluster c
