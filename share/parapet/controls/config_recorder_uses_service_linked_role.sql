-- id: config_recorder_uses_service_linked_role
-- title: The Config recorder uses its service-linked role
-- severity: medium
-- resource_type: aws_config_configuration_recorder
-- rationale: The service-linked role is kept up by AWS and can do nothing else; a role of your own misses new
--   types and may do more.
-- remediation: Run aws configservice put-configuration-recorder with the role AWSServiceRoleForConfig.
select
  c.arn,
  iif(c.role_arn like '%/AWSServiceRoleForConfig', 'pass', 'fail') as status,
  iif(c.role_arn like '%/AWSServiceRoleForConfig', 'the recorder uses the service-linked role',
    'the recorder uses ' || coalesce(c.role_arn, 'no role') || ', should use AWSServiceRoleForConfig') as reason
from aws_config_configuration_recorder c
where c.service_principal is null
