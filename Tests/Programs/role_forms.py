"""Makes or reads a role's template with the tools that its users have.

    role_forms.py lint FILE            cfn-lint, offline; prints its findings, nothing when there are none
    role_forms.py hcl FILE             parses Terraform; prints it as JSON
    role_forms.py cloudformation FILE  creates the stack on an AWS emulator; prints the role as JSON
    role_forms.py manual FILE          runs the script against it; prints the role as JSON
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile


def lint(path):
    found = subprocess.run(
        [str(pathlib.Path(sys.executable).parent / "cfn-lint"), "--regions", "us-east-1", "--", path],
        capture_output=True, text=True)
    print(found.stdout + found.stderr, end="")


def hcl(path):
    import hcl2
    with open(path, encoding="utf-8") as file:
        print(json.dumps(hcl2.load(file)))


def emulator():
    # Else AWS's own policies are not there to be attached.
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    from moto.server import ThreadedMotoServer
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    os.environ.update(
        AWS_ENDPOINT_URL=f"http://{host}:{port}", AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing",
        AWS_DEFAULT_REGION="us-east-1", AWS_EC2_METADATA_DISABLED="true")
    return server


def describe(role_name, arn):
    import boto3
    iam = boto3.client("iam")
    role = iam.get_role(RoleName=role_name)["Role"]
    attached = iam.list_attached_role_policies(RoleName=role_name)["AttachedPolicies"]
    documents = {}
    for policy in attached:
        if ":aws:policy/" in policy["PolicyArn"]:
            continue
        version = iam.get_policy(PolicyArn=policy["PolicyArn"])["Policy"]["DefaultVersionId"]
        found = iam.get_policy_version(PolicyArn=policy["PolicyArn"], VersionId=version)
        documents[policy["PolicyName"]] = found["PolicyVersion"]["Document"]
    print(json.dumps({
        "reported_arn": arn, "arn": role["Arn"], "trust": role["AssumeRolePolicyDocument"],
        "max_session": role.get("MaxSessionDuration"), "attached": sorted(p["PolicyArn"] for p in attached),
        "documents": documents,
    }))


def cloudformation(path):
    import boto3
    client = boto3.client("cloudformation")
    body = pathlib.Path(path).read_text(encoding="utf-8")
    client.create_stack(StackName="parapet-role", TemplateBody=body, Capabilities=["CAPABILITY_NAMED_IAM"])
    stack = client.describe_stacks(StackName="parapet-role")["Stacks"][0]
    arn = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}["RoleArn"]
    describe(arn.rsplit("/", 1)[1], arn)


def manual(path):
    with tempfile.TemporaryDirectory() as directory:
        command = pathlib.Path(directory) / "aws"
        stand_in = pathlib.Path(__file__).with_name("aws_stand_in.py")
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{stand_in}" "$@"\n')
        command.chmod(0o755)
        log = pathlib.Path(directory) / "arguments"
        environment = dict(os.environ, PATH=f"{directory}:{os.environ['PATH']}", AWS_STAND_IN_LOG=str(log))
        ran = subprocess.run(["sh", path], env=environment, capture_output=True, text=True)
        if ran.returncode != 0:
            sys.exit(f"the script ended with {ran.returncode}: {ran.stderr}")
        arn = ran.stdout.strip().splitlines()[-1]
        # The external ID must not be among what other users of a machine can see.
        print(log.read_text(), file=sys.stderr)
        describe(arn.rsplit("/", 1)[1], arn)


if __name__ == "__main__":
    task, file = sys.argv[1:3]
    if task in ("cloudformation", "manual"):
        server = emulator()
    {"lint": lint, "hcl": hcl, "cloudformation": cloudformation, "manual": manual}[task](file)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
