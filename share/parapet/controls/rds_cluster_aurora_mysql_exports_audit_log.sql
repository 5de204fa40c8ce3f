-- id: rds_cluster_aurora_mysql_exports_audit_log
-- title: RDS cluster: Aurora MySQL sends its audit log to CloudWatch
-- severity: medium
-- resource_type: aws_rds_db_cluster
-- frameworks: fsbp:RDS.34, fsbp:RDS.45,
--   pci_dss_4.0:5.3.4, pci_dss_4.0:10.2.1, pci_dss_4.0:10.2.1.1, pci_dss_4.0:10.2.1.2,
--   pci_dss_4.0:10.2.1.3, pci_dss_4.0:10.2.1.4, pci_dss_4.0:10.2.1.5, pci_dss_4.0:10.2.1.6,
--   pci_dss_4.0:10.2.1.7, pci_dss_4.0:10.2.2, pci_dss_4.0:10.3.1, pci_dss_4.0:10.6.3, pci_dss_4.0:A1.2.1,
--   soc2:PI1.3,
--   iso_27001_2022:A.8.15,
--   nis2:3.2.3.c
-- rationale: Logs on the instances go with them, and cannot be searched together.
-- remediation: Run aws rds modify-db-cluster --cloudwatch-logs-export-configuration EnableLogTypes=audit.
select
  c.arn,
  iif(met.value = 1, 'pass', 'fail') as status,
  iif(met.value = 1, 'the audit log goes to CloudWatch',
    'the audit log does not go to CloudWatch, should') as reason
from aws_rds_db_cluster c, json_each(json_array(exists (
  select 1 from json_each(c.enabled_log_exports) l where l.value = 'audit'
))) met
where c.engine = 'aurora-mysql'
