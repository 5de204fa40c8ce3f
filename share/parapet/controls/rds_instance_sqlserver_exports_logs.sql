-- id: rds_instance_sqlserver_exports_logs
-- title: RDS instance: SQL Server instances send logs to CloudWatch
-- severity: medium
-- resource_type: aws_rds_db_instance
-- frameworks: fsbp:RDS.40,
--   nist_800_53_r5:AC-2(4), nist_800_53_r5:AC-3(1), nist_800_53_r5:AC-3(10),
--   nist_800_53_r5:AC-4(26), nist_800_53_r5:AC-6(9), nist_800_53_r5:AU-2(b), nist_800_53_r5:AU-3(a),
--   nist_800_53_r5:AU-3(b), nist_800_53_r5:AU-3(c), nist_800_53_r5:AU-3(d), nist_800_53_r5:AU-3(e),
--   nist_800_53_r5:AU-3(f), nist_800_53_r5:AU-6(3), nist_800_53_r5:AU-6(4), nist_800_53_r5:AU-6(6),
--   nist_800_53_r5:AU-6(9), nist_800_53_r5:AU-8(b), nist_800_53_r5:AU-10, nist_800_53_r5:AU-12(1),
--   nist_800_53_r5:AU-12(2), nist_800_53_r5:AU-12(3), nist_800_53_r5:AU-12(4), nist_800_53_r5:AU-12(a),
--   nist_800_53_r5:AU-12(c), nist_800_53_r5:AU-14(3), nist_800_53_r5:AU-14(a), nist_800_53_r5:AU-14(b),
--   nist_800_53_r5:CA-7(b), nist_800_53_r5:CM-5(1)(b), nist_800_53_r5:IA-3(3)(b), nist_800_53_r5:MA-4(1)(a),
--   nist_800_53_r5:PM-14(a)(1), nist_800_53_r5:PM-14(b), nist_800_53_r5:PM-31, nist_800_53_r5:SC-7(9)(b),
--   nist_800_53_r5:SI-1(1)(c), nist_800_53_r5:SI-3(8)(b), nist_800_53_r5:SI-4(2), nist_800_53_r5:SI-4(17),
--   nist_800_53_r5:SI-4(20), nist_800_53_r5:SI-7(8), nist_800_53_r5:SI-10(1)(c),
--   nist_800_171_r2:3.1.12, nist_800_171_r2:3.3.1, nist_800_171_r2:3.3.2, nist_800_171_r2:3.3.3,
--   nist_800_171_r2:3.6.1, nist_800_171_r2:3.6.2, nist_800_171_r2:3.13.1, nist_800_171_r2:3.13.2,
--   nist_800_171_r2:3.14.6, nist_800_171_r2:3.14.7,
--   pci_dss_4.0:5.3.4, pci_dss_4.0:10.2.1, pci_dss_4.0:10.2.1.1, pci_dss_4.0:10.2.1.2,
--   pci_dss_4.0:10.2.1.3, pci_dss_4.0:10.2.1.4, pci_dss_4.0:10.2.1.5, pci_dss_4.0:10.2.1.6,
--   pci_dss_4.0:10.2.1.7, pci_dss_4.0:10.2.2, pci_dss_4.0:10.3.1, pci_dss_4.0:10.6.3, pci_dss_4.0:A1.2.1,
--   soc2:A1.2, soc2:CC7.2, soc2:CC7.3, soc2:PI1.3,
--   iso_27001_2022:A.8.15,
--   hipaa:164.308(a)(4)(ii)(A), hipaa:164.312(b),
--   gdpr:Art.32,
--   fedramp_moderate_r4:AC-2(4), fedramp_moderate_r4:AC-2(g), fedramp_moderate_r4:AU-2(a)(d),
--   fedramp_moderate_r4:AU-3, fedramp_moderate_r4:AU-6(1)(3), fedramp_moderate_r4:AU-12(a)(c),
--   nis2:3.2.3.c
-- rationale: Logs on the instance go with the instance, and fill its disk.
-- remediation: Run aws rds modify-db-instance --cloudwatch-logs-export-configuration
--   EnableLogTypes=error,agent.
select
  d.arn,
  iif(missing.value is null, 'pass', 'fail') as status,
  iif(missing.value is null, 'the logs error and agent go to CloudWatch',
    'the log ' || missing.value || ' is not sent to CloudWatch, should be') as reason
from aws_rds_db_instance d, json_each(json_array((
  select min(wanted.value)
  from json_each('["error","agent"]') wanted
  where not exists (select 1 from json_each(d.enabled_log_exports) l where l.value = wanted.value)
))) missing
where d.engine like 'sqlserver%'
