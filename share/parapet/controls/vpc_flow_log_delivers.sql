-- id: vpc_flow_log_delivers
-- title: VPC flow log: flow logs arrive
-- severity: low
-- resource_type: aws_vpc_flow_log
-- rationale: A flow log that cannot deliver records nothing, while everybody believes that it does.
-- remediation: Read the error on the flow log's page; most often its role or the bucket's policy lacks a
--   permission, or the log group is gone.
select
  f.arn,
  iif(coalesce(f.deliver_logs_status, '') <> 'FAILED', 'pass', 'fail') as status,
  iif(coalesce(f.deliver_logs_status, '') <> 'FAILED', 'records are delivered', 'delivery FAILED'
    || coalesce(': ' || f.deliver_logs_error_message, '') || ', should succeed') as reason
from aws_vpc_flow_log f
