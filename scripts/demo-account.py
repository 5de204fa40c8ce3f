#!/usr/bin/env python3
"""Fills an AWS emulator with the small account that `make demo` looks at.

Usage: demo-account.py --endpoint URL [--account NUMBER]

Makes a company's everyday account in four regions: some of it well kept, some not, so that controls of every
severity pass and fail. It speaks to the endpoint alone. Meant for a fresh emulator: what exists already is left as
it is and said so. Exit 1 when something that the demo needs could not be made.

Start moto with MOTO_IAM_LOAD_MANAGED_POLICIES=true, or nothing of AWS's own policies can be attached.
"""
import argparse
import json
import sys
import time
import urllib.parse

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

HOME = "us-east-1"
REGIONS = ("us-east-1", "eu-west-1", "eu-central-1", "ap-southeast-2")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Codes by which services say that a thing is there already.
EXISTS = ("EntityAlreadyExists", "BucketAlreadyOwnedByYou", "BucketAlreadyExists", "InvalidGroup.Duplicate",
          "DBInstanceAlreadyExists", "DBInstanceAlreadyExistsFault", "TrailAlreadyExistsException",
          "FileSystemAlreadyExists", "FlowLogAlreadyExists", "AlreadyExistsException", "InvalidPermission.Duplicate", "LimitExceeded",
          "ResourceAlreadyExistsException")


class Account:
    def __init__(self, endpoint, number):
        self.endpoint = endpoint
        self.number = number
        self.clients = {}
        self.failures = 0

    def client(self, service, region=HOME):
        key = (service, region)
        if key not in self.clients:
            self.clients[key] = boto3.client(
                service, region_name=region, endpoint_url=self.endpoint, aws_access_key_id="demo",
                aws_secret_access_key="demo", config=Config(retries={"max_attempts": 2}, s3={"addressing_style": "path"}))
        return self.clients[key]

    def call(self, service, operation, region=HOME, **parameters):
        """The reply, or {} when the thing exists already or could not be made; the latter is counted."""
        try:
            return getattr(self.client(service, region), operation)(**parameters)
        except ClientError as error:
            if error.response["Error"]["Code"] in EXISTS:
                print(f"  {service} {operation}: exists already", file=sys.stderr)
                return {}
            return self.failed(service, operation, region, error)
        except BotoCoreError as error:
            return self.failed(service, operation, region, error)

    def failed(self, service, operation, region, error):
        self.failures += 1
        print(f"  {service} {operation} in {region}: {error}", file=sys.stderr)
        return {}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def trust(principal, **condition):
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    if condition:
        statement["Condition"] = condition
    return document(statement)


def people(account):
    iam = lambda operation, **parameters: account.call("iam", operation, **parameters)
    iam("create_account_alias", AccountAlias="acme-demo")
    iam("update_account_password_policy", MinimumPasswordLength=8, RequireNumbers=True, RequireLowercaseCharacters=True,
        RequireUppercaseCharacters=True, RequireSymbols=False, AllowUsersToChangePassword=True)
    iam("create_group", GroupName="developers")
    iam("put_group_policy", GroupName="developers", PolicyName="read-deployments",
        PolicyDocument=document(allow(["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::acme-backups", "arn:aws:s3:::acme-backups/*"])))
    for name in ("alice", "bob", "carol", "deploy-bot"):
        iam("create_user", UserName=name, Tags=[{"Key": "team", "Value": "platform"}])
    for name in ("alice", "carol"):
        iam("add_user_to_group", GroupName="developers", UserName=name)
    for name in ("alice", "bob"):
        iam("create_login_profile", UserName=name, Password="Demo-only-Passw0rd!", PasswordResetRequired=False)
    device = iam("create_virtual_mfa_device", VirtualMFADeviceName="alice")
    if device:
        iam("enable_mfa_device", UserName="alice", SerialNumber=device["VirtualMFADevice"]["SerialNumber"],
            AuthenticationCode1="123456", AuthenticationCode2="654321")
    for name in ("bob", "bob", "deploy-bot"):
        iam("create_access_key", UserName=name)
    iam("put_user_policy", UserName="bob", PolicyName="everything", PolicyDocument=document(allow("*")))


def roles(account):
    iam = lambda operation, **parameters: account.call("iam", operation, **parameters)
    arn = lambda name: f"arn:aws:iam::{account.number}:policy/{name}"
    policies = {
        "LegacyAdmin": document(allow("*")),
        "OldBreakGlass": document(allow("*")),
        "KeyMaster": document(allow(["kms:*", "cloudtrail:*"])),
        "Switcher": document(allow("sts:AssumeRole")),
        "OrdersTable": document(allow(["dynamodb:GetItem", "dynamodb:PutItem"], f"arn:aws:dynamodb:eu-west-1:{account.number}:table/orders")),
        "ReadBackups": document(allow("s3:GetObject", "arn:aws:s3:::acme-backups/*")),
    }
    for name, text in policies.items():
        iam("create_policy", PolicyName=name, PolicyDocument=text)
    trusts = {
        "ci-deploy": trust({"Service": "codebuild.amazonaws.com"}),
        "web-server": trust({"Service": "ec2.amazonaws.com"}),
        "orders-service": trust({"Service": "lambda.amazonaws.com"}),
        "partner-reports": trust({"AWS": "arn:aws:iam::999988887777:root"}),
        "partner-audit": trust({"AWS": "arn:aws:iam::999988887777:root"}, StringEquals={"sts:ExternalId": "demo-audit-7f3a"}),
        "anyone": trust({"AWS": "*"}),
        "support": trust({"AWS": f"arn:aws:iam::{account.number}:root"}),
    }
    for name, text in trusts.items():
        iam("create_role", RoleName=name, AssumeRolePolicyDocument=text)
    for role, policy in (("ci-deploy", "LegacyAdmin"), ("ci-deploy", "KeyMaster"), ("orders-service", "OrdersTable"), ("web-server", "ReadBackups")):
        iam("attach_role_policy", RoleName=role, PolicyArn=arn(policy))
    for role, policy in (("support", "AWSSupportAccess"), ("ci-deploy", "AdministratorAccess")):
        iam("attach_role_policy", RoleName=role, PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
    iam("create_instance_profile", InstanceProfileName="web-server")
    iam("add_role_to_instance_profile", InstanceProfileName="web-server", RoleName="web-server")


def keys(account):
    """KMS keys, and a customer's key in each region by which other things are encrypted."""
    by_region = {}
    for region in REGIONS:
        kms = lambda operation, **parameters: account.call("kms", operation, region, **parameters)
        key = kms("create_key", Description="data at rest").get("KeyMetadata")
        if not key:
            continue
        by_region[region] = key["Arn"]
        kms("enable_key_rotation", KeyId=key["KeyId"])
        kms("create_alias", AliasName="alias/data", TargetKeyId=key["KeyId"])
    kms = lambda operation, **parameters: account.call("kms", operation, HOME, **parameters)
    kms("create_key", Description="never rotated")
    doomed = kms("create_key", Description="old archive").get("KeyMetadata")
    if doomed:
        kms("schedule_key_deletion", KeyId=doomed["KeyId"], PendingWindowInDays=30)
    shared = kms("create_key", Description="shared with partners", Policy=document(
        {"Sid": "Partners", "Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"})).get("KeyMetadata")
    if shared:
        kms("enable_key_rotation", KeyId=shared["KeyId"])
    return by_region


def bucket(account, name, region):
    where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    account.call("s3", "create_bucket", region, Bucket=name, **where)
    return lambda operation, **parameters: account.call("s3", operation, region, Bucket=name, **parameters)


def tls_only(name):
    return {"Sid": "TLSOnly", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
            "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}


def buckets(account, key):
    closed = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
    logs = bucket(account, "acme-access-logs", HOME)
    logs("put_public_access_block", PublicAccessBlockConfiguration=closed)
    logs("put_bucket_acl", GrantWrite="uri=http://acs.amazonaws.com/groups/s3/LogDelivery", GrantReadACP="uri=http://acs.amazonaws.com/groups/s3/LogDelivery")

    trail = bucket(account, "acme-trail", HOME)
    trail("put_public_access_block", PublicAccessBlockConfiguration=closed)
    trail("put_bucket_versioning", VersioningConfiguration={"Status": "Enabled"})
    service = {"Service": "cloudtrail.amazonaws.com"}
    trail("put_bucket_policy", Policy=document(
        {"Sid": "Check", "Effect": "Allow", "Principal": service, "Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::acme-trail"},
        {"Sid": "Write", "Effect": "Allow", "Principal": service, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::acme-trail/*"},
        tls_only("acme-trail")))

    site = bucket(account, "acme-public-site", HOME)
    site("put_bucket_acl", ACL="public-read")
    site("put_bucket_policy", Policy=document(
        {"Sid": "Website", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-public-site/*"}))
    site("put_bucket_website", WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})

    inbox = bucket(account, "acme-partner-inbox", "ap-southeast-2")
    inbox("put_bucket_policy", Policy=document(
        {"Sid": "Drop", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["s3:PutObject"], "Resource": "arn:aws:s3:::acme-partner-inbox/*"}))

    data = bucket(account, "acme-customer-data", HOME)
    data("put_public_access_block", PublicAccessBlockConfiguration=closed)
    data("put_bucket_versioning", VersioningConfiguration={"Status": "Enabled"})
    if key:
        data("put_bucket_encryption", ServerSideEncryptionConfiguration={"Rules": [{
            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}, "BucketKeyEnabled": True}]})
    data("put_bucket_logging", BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": "acme-access-logs", "TargetPrefix": "customer-data/"}})
    data("put_bucket_lifecycle_configuration", LifecycleConfiguration={"Rules": [{
        "ID": "old-versions", "Status": "Enabled", "Filter": {"Prefix": ""}, "NoncurrentVersionExpiration": {"NoncurrentDays": 90}}]})
    data("put_bucket_ownership_controls", OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]})
    data("put_bucket_policy", Policy=document(tls_only("acme-customer-data")))
    data("put_bucket_tagging", Tagging={"TagSet": [{"Key": "data", "Value": "personal"}, {"Key": "owner", "Value": "orders"}]})

    backups = bucket(account, "acme-backups", "eu-central-1")
    backups("put_public_access_block", PublicAccessBlockConfiguration=closed)
    backups("put_bucket_versioning", VersioningConfiguration={"Status": "Suspended"})


def trails(account, key):
    trail = lambda operation, region=HOME, **parameters: account.call("cloudtrail", operation, region, **parameters)
    extra = {"KmsKeyId": key} if key else {}
    account.call("logs", "create_log_group", logGroupName="acme-trail")
    account.call("iam", "create_role", RoleName="trail-to-logs", AssumeRolePolicyDocument=trust({"Service": "cloudtrail.amazonaws.com"}))
    extra["CloudWatchLogsLogGroupArn"] = f"arn:aws:logs:{HOME}:{account.number}:log-group:acme-trail:*"
    extra["CloudWatchLogsRoleArn"] = f"arn:aws:iam::{account.number}:role/trail-to-logs"
    if trail("create_trail", Name="acme-all-regions", S3BucketName="acme-trail", IsMultiRegionTrail=True,
             IncludeGlobalServiceEvents=True, EnableLogFileValidation=True, **extra):
        trail("start_logging", Name="acme-all-regions")
        trail("put_event_selectors", TrailName="acme-all-regions", EventSelectors=[{
            "ReadWriteType": "All", "IncludeManagementEvents": True,
            "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}])
    config = lambda operation, **parameters: account.call("config", operation, "eu-west-1", **parameters)
    linked = f"arn:aws:iam::{account.number}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
    config("put_configuration_recorder", ConfigurationRecorder={
        "name": "default", "roleARN": linked, "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True}})
    config("put_delivery_channel", DeliveryChannel={"name": "default", "s3BucketName": "acme-access-logs"})
    config("start_configuration_recorder", ConfigurationRecorderName="default")

    bucket(account, "acme-old-trail", "eu-central-1")
    trail("create_trail", "eu-central-1", Name="acme-old", S3BucketName="acme-old-trail", IsMultiRegionTrail=False, EnableLogFileValidation=False)


def group(account, region, vpc, name, text, *rules):
    """A security group with rules of (protocol, from, to, range)."""
    made = account.call("ec2", "create_security_group", region, GroupName=name, Description=text, VpcId=vpc).get("GroupId")
    for protocol, low, high, source in rules if made else ():
        rule = {"IpProtocol": protocol}
        if protocol != "-1":
            rule.update(FromPort=low, ToPort=high)
        rule.update({"Ipv6Ranges": [{"CidrIpv6": source}]} if ":" in source else {"IpRanges": [{"CidrIp": source}]})
        account.call("ec2", "authorize_security_group_ingress", region, GroupId=made, IpPermissions=[rule])
    return made


def machine(account, region, image, name, groups, tokens, profile=None, **more):
    more.update({"IamInstanceProfile": {"Name": profile}} if profile else {})
    reply = account.call(
        "ec2", "run_instances", region, ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.small",
        SecurityGroupIds=[g for g in groups if g], MetadataOptions={"HttpTokens": tokens, "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 1},
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}, {"Key": "env", "Value": "demo"}]}], **more)
    return reply.get("Instances", [{}])[0].get("InstanceId")


def networks(account):
    anywhere, anywhere6, inside = "0.0.0.0/0", "::/0", "10.0.0.0/8"
    for region in REGIONS:
        ec2 = lambda operation, **parameters: account.call("ec2", operation, region, **parameters)
        vpc = ec2("describe_vpcs", Filters=[{"Name": "is-default", "Values": ["true"]}]).get("Vpcs", [{}])[0].get("VpcId")
        image = ec2("describe_images", Owners=["amazon"]).get("Images", [{}])[0].get("ImageId")
        if not vpc or not image:
            continue
        web = group(account, region, vpc, "web", "the web, from everywhere", ("tcp", 80, 80, anywhere), ("tcp", 443, 443, anywhere), ("tcp", 443, 443, anywhere6))
        if region == HOME:
            bastion = group(account, region, vpc, "bastion", "SSH for operators", ("tcp", 22, 22, anywhere))
            group(account, region, vpc, "launch-wizard-1", "made by the launch wizard", ("tcp", 22, 22, anywhere))
            machine(account, region, image, "web-1", [web], "required", "web-server")
            machine(account, region, image, "web-2", [web], "required", "web-server")
            machine(account, region, image, "bastion", [bastion], "optional")
            ec2("create_flow_logs", ResourceIds=[vpc], ResourceType="VPC", TrafficType="ALL", LogDestinationType="s3", LogDestination="arn:aws:s3:::acme-access-logs")
        elif region == "eu-west-1":
            database = group(account, region, vpc, "orders-database", "MySQL from inside", ("tcp", 3306, 3306, inside))
            machine(account, region, image, "orders-1", [web, database], "required", "web-server")
            ec2("enable_ebs_encryption_by_default")
        elif region == "eu-central-1":
            jump = group(account, region, vpc, "windows-jump", "RDP", ("tcp", 3389, 3389, anywhere), ("tcp", 3389, 3389, anywhere6))
            stopped = machine(account, region, image, "windows-jump", [jump], "optional")
            if stopped:
                ec2("stop_instances", InstanceIds=[stopped])
            group(account, region, vpc, "postgres", "reports", ("tcp", 5432, 5432, anywhere))
        else:
            group(account, region, vpc, "debug", "everything, for a day in 2023", ("-1", 0, 0, anywhere))
        zone = region + "a"
        ec2("create_volume", AvailabilityZone=zone, Size=20, VolumeType="gp3", Encrypted=True,
            TagSpecifications=[{"ResourceType": "volume", "Tags": [{"Key": "Name", "Value": "scratch"}]}])
        if region in (HOME, "ap-southeast-2"):
            ec2("create_volume", AvailabilityZone=zone, Size=100, VolumeType="gp2", Encrypted=False,
                TagSpecifications=[{"ResourceType": "volume", "Tags": [{"Key": "Name", "Value": "old-export"}]}])


def databases(account, keys_by_region):
    rds = lambda operation, region, **parameters: account.call("rds", operation, region, **parameters)
    key = {"KmsKeyId": keys_by_region["eu-west-1"]} if "eu-west-1" in keys_by_region else {}
    subnets = account.call("ec2", "describe_subnets", "eu-west-1").get("Subnets", [])
    if subnets:
        rds("create_db_subnet_group", "eu-west-1", DBSubnetGroupName="orders", DBSubnetGroupDescription="private subnets",
            SubnetIds=[subnet["SubnetId"] for subnet in subnets])
        key["DBSubnetGroupName"] = "orders"
    rds("create_db_instance", "eu-west-1", DBInstanceIdentifier="orders", Engine="postgres", DBInstanceClass="db.t3.medium",
        AllocatedStorage=50, MasterUsername="orders_owner", MasterUserPassword="Demo-only-Passw0rd", StorageEncrypted=True,
        MultiAZ=True, BackupRetentionPeriod=14, DeletionProtection=True, PubliclyAccessible=False, CopyTagsToSnapshot=True,
        AutoMinorVersionUpgrade=True, EnableIAMDatabaseAuthentication=True, Port=5433,
        EnableCloudwatchLogsExports=["postgresql", "upgrade"], **key)
    rds("create_db_instance", "eu-central-1", DBInstanceIdentifier="reports", Engine="mysql", DBInstanceClass="db.t3.small",
        AllocatedStorage=20, MasterUsername="admin", MasterUserPassword="Demo-only-Passw0rd", StorageEncrypted=False,
        MultiAZ=False, BackupRetentionPeriod=0, DeletionProtection=False, PubliclyAccessible=True, AutoMinorVersionUpgrade=False)


def files_and_topics(account, keys_by_region):
    for region, name, encrypted in (("eu-west-1", "shared-home", True), ("ap-southeast-2", "legacy-share", False)):
        key = {"KmsKeyId": keys_by_region[region]} if encrypted and region in keys_by_region else {}
        made = account.call("efs", "create_file_system", region, CreationToken=name, Encrypted=encrypted,
                            Backup=encrypted, Tags=[{"Key": "Name", "Value": name}], **key).get("FileSystemId")
        if made and encrypted:
            account.call("efs", "put_file_system_policy", region, FileSystemId=made, Policy=document(
                {"Sid": "Members", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account.number}:root"},
                 "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]}))

    sns = lambda operation, region=HOME, **parameters: account.call("sns", operation, region, **parameters)
    alerts = sns("create_topic", Name="security-alerts").get("TopicArn")
    if alerts:
        sns("set_topic_attributes", TopicArn=alerts, AttributeName="KmsMasterKeyId", AttributeValue="alias/data")
        watched = {
            "root-use": '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
            "trail-changes": "{ " + " || ".join(f"($.eventName = {event})" for event in (
                "CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging")) + " }",
        }
        for name, pattern in watched.items():
            account.call("logs", "put_metric_filter", logGroupName="acme-trail", filterName=name, filterPattern=pattern,
                         metricTransformations=[{"metricName": name, "metricNamespace": "Security", "metricValue": "1"}])
            account.call("cloudwatch", "put_metric_alarm", AlarmName=name, Namespace="Security", MetricName=name, Statistic="Sum", Period=300,
                         EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanOrEqualToThreshold",
                         ActionsEnabled=True, AlarmActions=[alerts])
    account.call("cloudwatch", "put_metric_alarm", AlarmName="disk-full", Namespace="Custom", MetricName="DiskUsed",
                 Statistic="Maximum", Period=300, EvaluationPeriods=1, Threshold=90, ComparisonOperator="GreaterThanThreshold",
                 ActionsEnabled=False)
    orders = sns("create_topic", "eu-west-1", Name="order-events").get("TopicArn")
    if orders:
        sns("set_topic_attributes", "eu-west-1", TopicArn=orders, AttributeName="Policy", AttributeValue=document(
            {"Sid": "Everybody", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["sns:Publish", "sns:Subscribe"], "Resource": orders}))


def main():
    parser = argparse.ArgumentParser(description="Fills an AWS emulator with the demo's account.")
    parser.add_argument("--endpoint", required=True, help="where the emulator listens, http://127.0.0.1:5000 for example")
    parser.add_argument("--account", default="123456789012", help="the emulator's account number (default: %(default)s)")
    arguments = parser.parse_args()
    if urllib.parse.urlsplit(arguments.endpoint).hostname not in LOOPBACK:
        print("the endpoint has to be on this machine: these things are never made in a real account", file=sys.stderr)
        return 2

    account = Account(arguments.endpoint, arguments.account)
    began = time.monotonic()
    people(account)
    roles(account)
    made = keys(account)
    buckets(account, made.get(HOME))
    trails(account, made.get(HOME))
    networks(account)
    databases(account, made)
    files_and_topics(account, made)
    print(f"the demo account {account.number} is filled, {len(REGIONS)} regions, {time.monotonic() - began:.1f} s, {account.failures} failures")
    return 1 if account.failures else 0


if __name__ == "__main__":
    sys.exit(main())
