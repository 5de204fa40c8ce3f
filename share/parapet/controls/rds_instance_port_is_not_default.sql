-- id: rds_instance_port_is_not_default
-- title: The RDS instance does not listen on its engine's default port
-- severity: low
-- resource_type: aws_rds_db_instance
-- frameworks: fsbp:RDS.23
-- rationale: Scanners try the default ports first.
-- remediation: Run aws rds modify-db-instance --db-port-number (the instance restarts), and tell its clients.
select
  d.arn,
  iif(d.endpoint_port <> usual.value, 'pass', 'fail') as status,
  case
    when d.endpoint_port <> usual.value then 'the instance listens on port ' || d.endpoint_port
    else 'the instance listens on ' || coalesce('the default port ' || d.endpoint_port, 'no known port')
      || ', should be another'
  end as reason
from aws_rds_db_instance d, json_each(json_array(
  case
    when d.engine in ('mysql', 'mariadb') or d.engine like 'aurora%' then 3306
    when d.engine = 'postgres' then 5432
    when d.engine like '%oracle%' then 1521
    when d.engine like '%sqlserver%' then 1433
    when d.engine like 'db2%' then 50000
    else 0
  end
)) usual
where d.db_cluster_identifier is null
