-- id: s3_bucket_event_notifications_are_enabled
-- title: The S3 bucket sends events
-- severity: low
-- resource_type: aws_s3_bucket
-- frameworks: fsbp:S3.11,
--   pci_dss_4.0:11.5.2, pci_dss_4.0:11.6.1, pci_dss_4.0:12.10.5, pci_dss_4.0:A3.3.1,
--   pci_dss_4.0:A3.5.1
-- rationale: Events let programs notice new, changed and deleted objects, for a virus scan or an alarm.
-- remediation: In the bucket's Properties add an event notification or send events to EventBridge (aws s3api
--   put-bucket-notification-configuration).
select
  b.arn,
  iif(met.value = 1, 'pass', 'fail') as status,
  iif(met.value = 1, 'the bucket sends events',
    'the bucket sends no events, should send them to a topic, queue, function or EventBridge') as reason
from aws_s3_bucket b, json_each(json_array(exists (
  select 1 from json_each(b.notification_configuration) n
    where n.key in (
    'TopicConfigurations', 'QueueConfigurations', 'LambdaFunctionConfigurations', 'EventBridgeConfiguration')
))) met
