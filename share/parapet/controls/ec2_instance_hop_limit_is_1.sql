-- id: ec2_instance_hop_limit_is_1
-- title: EC2 instance: metadata answers do not leave the instance
-- severity: medium
-- resource_type: aws_ec2_instance
-- rationale: With more than one hop, a container or proxy on the instance can fetch the role's credentials.
-- remediation: Run aws ec2 modify-instance-metadata-options --http-put-response-hop-limit 1, and give
--   containers roles of their own.
select
  i.arn,
  iif(i.metadata_hop_limit <= 1 or i.metadata_http_endpoint = 'disabled', 'pass', 'fail') as status,
  iif(i.metadata_hop_limit <= 1 or i.metadata_http_endpoint = 'disabled',
    'metadata answers stay on the instance', 'the hop limit is ' || coalesce(i.metadata_hop_limit, 'unknown')
    || ', should be 1') as reason
from aws_ec2_instance i
where i.instance_state <> 'terminated'
