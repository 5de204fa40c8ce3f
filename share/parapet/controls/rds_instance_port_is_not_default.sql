-- id: rds_instance_port_is_not_default
-- title: The RDS instance does not listen on its engine's default port
-- severity: low
-- resource_type: aws_rds_db_instance
-- frameworks: fsbp:RDS.23
-- rationale: Scanners try the default ports first.
-- remediation: Run aws rds modify-db-instance --db-port-number (the instance restarts), and tell its clients.
select
  d.arn,
  iif(d.endpoint_port <> case when d.engine like 'mysql%' or d.engine like 'mariadb%' or d.engine like 'aurora%'
    then 3306 when d.engine like 'postgres%' then 5432 when d.engine like 'oracle%'
    or d.engine like 'custom-oracle%' then 1521 when d.engine like 'sqlserver%'
    or d.engine like 'custom-sqlserver%' then 1433 when d.engine like 'db2%' then 50000 else 0 end, 'pass',
    'fail') as status,
  iif(d.endpoint_port <> case when d.engine like 'mysql%' or d.engine like 'mariadb%' or d.engine like 'aurora%'
    then 3306 when d.engine like 'postgres%' then 5432 when d.engine like 'oracle%'
    or d.engine like 'custom-oracle%' then 1521 when d.engine like 'sqlserver%'
    or d.engine like 'custom-sqlserver%' then 1433 when d.engine like 'db2%' then 50000 else 0 end,
    'the instance listens on port ' || d.endpoint_port, 'the instance listens on '
    || coalesce('the default port ' || d.endpoint_port, 'no known port') || ', should be another') as reason
from aws_rds_db_instance d
where d.db_cluster_identifier is null
