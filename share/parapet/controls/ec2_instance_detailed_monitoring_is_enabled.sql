-- id: ec2_instance_detailed_monitoring_is_enabled
-- title: The EC2 instance has detailed monitoring
-- severity: low
-- resource_type: aws_ec2_instance
-- frameworks: pci_dss_4.0:10.2.1.1, pci_dss_4.0:10.4.1, pci_dss_4.0:10.4.1.1, pci_dss_4.0:10.4.2,
--   pci_dss_4.0:10.6.3, pci_dss_4.0:10.7.1, pci_dss_4.0:10.7.2, pci_dss_4.0:A3.3.1, pci_dss_4.0:A3.5.1,
--   nis2:3.2.3.h
-- rationale: Five minutes between two points hide the burst that an alarm should have seen.
-- remediation: Run aws ec2 monitor-instances (charged by metric).
select
  i.arn,
  iif(i.monitoring_state = 'enabled', 'pass', 'fail') as status,
  iif(i.monitoring_state = 'enabled', 'detailed monitoring is enabled', 'detailed monitoring is '
    || coalesce(i.monitoring_state, 'disabled') || ', should be enabled') as reason
from aws_ec2_instance i
where i.instance_state = 'running'
