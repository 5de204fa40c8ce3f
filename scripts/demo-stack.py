#!/usr/bin/env python3
"""Creates a stack from a role template on an emulator, and prints the role's ARN."""
import argparse

import boto3

arguments = argparse.ArgumentParser(description=__doc__)
arguments.add_argument("--endpoint", required=True)
arguments.add_argument("--template", required=True)
options = arguments.parse_args()

cloudformation = boto3.client(
    "cloudformation", endpoint_url=options.endpoint, region_name="us-east-1",
    aws_access_key_id="demo", aws_secret_access_key="demo",
)
with open(options.template) as file:
    cloudformation.create_stack(
        StackName="parapet-read-only", TemplateBody=file.read(), Capabilities=["CAPABILITY_NAMED_IAM"])
stack = cloudformation.describe_stacks(StackName="parapet-read-only")["Stacks"][0]
print(next(output["OutputValue"] for output in stack["Outputs"] if output["OutputKey"] == "RoleArn"))
