-- id: sns_topic_logs_delivery_status
-- title: SNS topic: deliveries from the topic are logged
-- severity: low
-- resource_type: aws_sns_topic
-- frameworks: fsbp:SNS.2
-- rationale: Without delivery logs a message that never arrived looks like one that was never sent.
-- remediation: In the topic's Delivery status logging choose the protocols in use and a role, or set
--   LambdaSuccessFeedbackRoleArn and its like with aws sns set-topic-attributes.
select
  t.arn,
  iif(coalesce(
    t.http_success_role_arn, t.firehose_success_role_arn, t.lambda_success_role_arn,
    t.application_success_role_arn, t.sqs_success_role_arn) is not null, 'pass', 'fail') as status,
  iif(coalesce(
    t.http_success_role_arn, t.firehose_success_role_arn, t.lambda_success_role_arn,
    t.application_success_role_arn, t.sqs_success_role_arn) is not null, 'deliveries are logged',
    'no deliveries are logged, should be for the protocols in use') as reason
from aws_sns_topic t
