-- id: iam_policy_does_not_allow_privilege_escalation
-- title: IAM policy: no customer managed policy lets its holder raise its own privileges
-- severity: high
-- resource_type: aws_iam_policy
-- frameworks: nis2:11.2.2.a
-- rationale: Whoever may change policies, or hand a role to a machine of theirs, has every right that the
--   account has to give.
-- remediation: Name the resources of the actions that the reason lists, or add a condition such as
--   iam:PassedToService; a permissions boundary stops the rest.
select
  p.arn,
  iif(way.value is null, 'pass', 'fail') as status,
  iif(way.value is null, 'no known way to more privileges is allowed on all resources',
    way.value || ' on all resources leads to more privileges, should be restricted') as reason
from aws_iam_policy p, json_each(json_array((
  select min((select group_concat(named.value, ' with ') from json_each(path.value) named))
  from json_each('[["iam:CreatePolicyVersion"],["iam:SetDefaultPolicyVersion"],["iam:CreateAccessKey"],'
    || '["iam:CreateLoginProfile"],["iam:UpdateLoginProfile"],["iam:AttachUserPolicy"],'
    || '["iam:AttachGroupPolicy"],["iam:PutUserPolicy"],["iam:PutGroupPolicy"],["iam:AddUserToGroup"],'
    || '["iam:AttachRolePolicy","sts:AssumeRole"],["iam:PutRolePolicy","sts:AssumeRole"],'
    || '["iam:UpdateAssumeRolePolicy","sts:AssumeRole"],["lambda:UpdateFunctionCode"],'
    || '["glue:UpdateDevEndpoint"],["ssm:SendCommand"],["iam:PassRole","ec2:RunInstances"],'
    || '["iam:PassRole","lambda:CreateFunction","lambda:InvokeFunction"],'
    || '["iam:PassRole","lambda:CreateFunction","lambda:CreateEventSourceMapping"],'
    || '["iam:PassRole","glue:CreateDevEndpoint"],["iam:PassRole","glue:CreateJob","glue:StartJobRun"],'
    || '["iam:PassRole","cloudformation:CreateStack"],'
    || '["iam:PassRole","codebuild:CreateProject","codebuild:StartBuild"],'
    || '["iam:PassRole","ecs:RegisterTaskDefinition","ecs:RunTask"],'
    || '["iam:PassRole","sagemaker:CreateNotebookInstance","sagemaker:CreatePresignedNotebookInstanceUrl"],'
    || '["iam:PassRole","states:CreateStateMachine","states:StartExecution"],'
    || '["iam:PassRole","datapipeline:CreatePipeline","datapipeline:PutPipelineDefinition"]]') path
  where not exists (
    select 1
    from json_each(path.value) needed
    where not exists (
      select 1
      from json_each(policy_statements(p.document)) s
      where s.value ->> '$.Effect' = 'Allow'
        and json_type(s.value, '$.Condition') is null
        and (json_type(s.value, '$.NotResource') is not null
          or exists (select 1 from json_each(s.value, '$.Resource') r where r.value = '*'))
        and (json_type(s.value, '$.NotAction') is not null
            and not exists (
              select 1 from json_each(s.value, '$.NotAction') a where lower(needed.value) glob lower(a.value))
          or exists (select 1 from json_each(s.value, '$.Action') a
            where lower(needed.value) glob lower(a.value)))))
))) way
where p.arn not like 'arn:%:iam::aws:policy/%'
