import JSON
import Platform
import TestSupport
import Testing

@testable import SyncService

/// Each protocol against an emulator that botocore's makers' clients talk to as well.
@Suite(.serialized) struct EmulatorTests {
    @Test(.enabled(if: Files.exists(Emulator.python), "needs PARAPET_PYTHON, or .venv from `make dependencies`"))
    func `what exists in the emulator is listed by each protocol as botocore sees it`() async throws {
        let folder = try Files.createTemporaryDirectory(prefix: "parapet-aws")
        let emulator = try await Emulator.start(in: folder)
        let harness = try ClientHarness(endpoint: emulator.endpoint)
        let outcome: Result<Void, any Error>
        do {
            try await check(emulator, harness)
            outcome = .success(())
        } catch { outcome = .failure(error) }
        await harness.stop()
        await emulator.stop()
        try Files.removeTree(folder)
        try outcome.get()
    }

    private func check(_ emulator: Emulator, _ harness: ClientHarness) async throws {
        let made = try await emulator.aws(
            """
            region = "eu-central-1"
            s3 = client("s3", region)
            for name in ["first-bucket", "second.bucket"]:
                s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})
            s3.put_bucket_policy(Bucket="first-bucket", Policy='{"Version":"2012-10-17","Statement":[]}')
            s3.put_bucket_tagging(Bucket="first-bucket", Tagging={"TagSet": [{"Key": "a", "Value": "<&> \\u00e9"}]})
            ec2 = client("ec2", region)
            image = ec2.describe_images()["Images"][0]["ImageId"]
            ec2.run_instances(ImageId=image, MinCount=3, MaxCount=3, InstanceType="t3.micro",
                TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "web"}]}])
            iam = client("iam", region)
            for number in range(120):
                iam.create_user(UserName=f"user-{number:03}")
            sns = client("sns", region)
            arn = sns.create_topic(Name="alarms")["TopicArn"]
            kms = client("kms", region)
            key = kms.create_key()["KeyMetadata"]["KeyId"]
            efs = client("efs", region)
            efs.create_file_system(CreationToken="one")
            trail = client("cloudtrail", region)
            trail.create_trail(Name="main", S3BucketName="first-bucket")
            def plain(value):
                if isinstance(value, dict): return {k: plain(v) for k, v in value.items()}
                if isinstance(value, list): return [plain(v) for v in value]
                if hasattr(value, "strftime"): return int(value.timestamp())
                return value
            print(json.dumps({
                "instances": plain(ec2.describe_instances()["Reservations"]),
                "users": plain(iam.list_users(MaxItems=1000)["Users"]),
                "key": plain(kms.describe_key(KeyId=key)["KeyMetadata"]),
                "files": plain(efs.describe_file_systems()["FileSystems"]),
                "groups": plain(ec2.describe_security_groups()["SecurityGroups"]),
                "buckets": plain(s3.list_buckets()["Buckets"]),
                "attributes": plain(sns.get_topic_attributes(TopicArn=arn)["Attributes"]),
            }))
            """)
        let botocore = try JSONValue(parsing: made)

        // rest-xml
        let buckets = try await harness.list("s3", "ListBuckets", "Buckets[]", region: "us-east-1")
        #expect(buckets.map { $0["Name"] } == ["first-bucket", "second.bucket"])
        #expect(seconds(.array(buckets)) == botocore["buckets"])
        let policy = try await harness.call("s3", "GetBucketPolicy", ["Bucket": "first-bucket"])
        #expect(policy["Policy"]?.string?.contains("2012-10-17") == true)
        let tags = try await harness.call("s3", "GetBucketTagging", ["Bucket": "first-bucket"])
        #expect(tags["TagSet"] == [["Key": "a", "Value": "<&> é"]])
        let location = try await harness.call("s3", "GetBucketLocation", ["Bucket": "second.bucket"])
        #expect(location == ["LocationConstraint": "eu-central-1"])
        do throws(AWSError) {
            _ = try await harness.call("s3", "GetBucketPolicy", ["Bucket": "second.bucket"])
            Issue.record("a bucket without a policy has none")
        } catch { #expect(error.code == "NoSuchBucketPolicy") }
        do throws(AWSError) {
            _ = try await harness.call("s3control", "GetPublicAccessBlock", ["AccountId": "123456789012"])
            Issue.record("an account without the settings has none")
        } catch { #expect(error.code == "NoSuchPublicAccessBlockConfiguration") }

        // ec2
        let instances = try await harness.list(
            "ec2", "DescribeInstances", "Reservations[].Instances[]",
            carry: ["OwnerId": try #require(FieldPath("Reservations[].OwnerId"))])
        #expect(instances.count == 3)
        #expect(instances.allSatisfy { $0["OwnerId"] == "123456789012" })
        let plain = try await harness.list("ec2", "DescribeInstances", "Reservations[].Instances[]")
        #expect(seconds(.array(plain)) == botocore["instances"]?[0]?["Instances"])
        let groups = try await harness.list("ec2", "DescribeSecurityGroups", "SecurityGroups[]")
        #expect(seconds(.array(groups)) == botocore["groups"])

        // query, with pages
        let users = try await harness.list("iam", "ListUsers", "Users[]", ["MaxItems": 50])
        #expect(seconds(.array(users)) == botocore["users"])
        let joined = try await harness.call("iam", "ListUsers", ["MaxItems": 50])
        #expect(joined["Users"] == .array(users))
        #expect(joined["Marker"] == nil && joined["IsTruncated"] == nil)
        let summary = try await harness.call("iam", "GetAccountSummary")
        #expect(summary["SummaryMap"]?["Users"] == 120)
        let topics = try await harness.list("sns", "ListTopics", "Topics[]")
        let attributes = try await harness.call(
            "sns", "GetTopicAttributes", ["TopicArn": topics[0]["TopicArn"] ?? .null])
        #expect(attributes["Attributes"] == botocore["attributes"])

        // json
        let keys = try await harness.list("kms", "ListKeys", "Keys[]")
        let key = try await harness.call("kms", "DescribeKey", ["KeyId": keys[0]["KeyId"] ?? .null])
        #expect(try seconds(#require(key["KeyMetadata"])) == botocore["key"])
        let trails = try await harness.list("cloudtrail", "DescribeTrails", "trailList[]")
        #expect(trails.map { $0["Name"] } == ["main"])
        do throws(AWSError) {
            _ = try await harness.call("kms", "DescribeKey", ["KeyId": "11111111-2222-3333-4444-555555555555"])
            Issue.record("a key that is not there cannot be described")
        } catch { #expect(error.code == "NotFoundException") }

        // rest-json
        let files = try await harness.list("efs", "DescribeFileSystems", "FileSystems[]")
        #expect(
            seconds(.array(files.map(withoutSize)))
                == botocore["files"].map { .array(($0.array ?? []).map(withoutSize)) })

        try await checkRoles(emulator, harness)
    }

    private func checkRoles(_ emulator: Emulator, _ harness: ClientHarness) async throws {
        let role = try await emulator.aws(
            """
            trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}
            print(client("iam").create_role(RoleName="reader", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"])
            """)
        let assume = AssumeRole(client: harness.client, source: ClientHarness.credentials)
        let credentials = try await assume.assume(
            roleARN: ScalarText.trim(role), externalID: "an-external-id", sessionName: "parapet", region: "eu-central-1"
        )
        #expect(credentials.sessionToken != nil)
        #expect(try #require(credentials.expiration) > WallTime.now())
        let identity = try await harness.client.call(
            service: "sts", operation: "GetCallerIdentity", region: "eu-central-1",
            credentials: StaticCredentials(credentials), account: "123456789012"
        ).value()
        #expect(identity["Arn"]?.string?.hasSuffix("assumed-role/reader/parapet") == true)
    }

    /// The emulator says of the size that it was measured just now.
    private func withoutSize(_ file: JSONValue) -> JSONValue {
        var object = file.object ?? JSONObject()
        object["SizeInBytes"] = nil
        return .object(object)
    }

    /// Times as seconds since 1970, as the program above prints them.
    private func seconds(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text):
            if text.count >= 20, text.hasSuffix("Z"), let time = WallTime(rfc3339: text) {
                return .integer(time.unixSeconds)
            }
            return value
        case .array(let items): return .array(items.map(seconds))
        case .object(let object): return .object(JSONObject(object.map { ($0.name, seconds($0.value)) }))
        default: return value
        }
    }
}
