import JSON
import Platform
import Testing

@testable import SyncService

@Suite struct EndpointTests {
    private func resolve(
        _ service: String, _ operation: String, _ region: String, _ input: JSONValue = [:],
        _ options: EndpointOptions = EndpointOptions()
    ) throws -> ResolvedEndpoint {
        let model = try Fixtures.shapes.model(service)
        let resolver = EndpointResolver(partitions: try Partitions.load(share: Fixtures.share), options: options)
        return try resolver.resolve(model, try #require(model.operations[operation]), region: region, input: input)
    }

    @Test(arguments: [
        ("iam", "ListUsers", "eu-central-1", "iam.amazonaws.com", "us-east-1"),
        ("iam", "ListUsers", "us-gov-east-1", "iam.us-gov.amazonaws.com", "us-gov-west-1"),
        ("iam", "ListUsers", "cn-northwest-1", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("sts", "GetCallerIdentity", "us-east-1", "sts.us-east-1.amazonaws.com", "us-east-1"),
        ("ec2", "DescribeVpcs", "ap-southeast-5", "ec2.ap-southeast-5.amazonaws.com", "ap-southeast-5"),
        ("ec2", "DescribeVpcs", "eusc-de-east-1", "ec2.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
        ("ec2", "DescribeVpcs", "eu-newest-9", "ec2.eu-newest-9.amazonaws.com", "eu-newest-9"),
        ("account", "GetAlternateContact", "eu-west-1", "account.us-east-1.amazonaws.com", "us-east-1"),
        ("efs", "DescribeFileSystems", "eu-west-1", "elasticfilesystem.eu-west-1.amazonaws.com", "eu-west-1"),
        ("s3", "ListBuckets", "us-east-1", "s3.us-east-1.amazonaws.com", "us-east-1"),
    ])
    func `a service is where AWS has it`(
        service: String, operation: String, region: String, host: String, signed: String
    )
        throws
    {
        let endpoint = try resolve(service, operation, region)
        #expect(endpoint.authority == host && endpoint.scheme == "https" && endpoint.signingRegion == signed)
    }

    @Test func `a bucket and an account stand before the host's name`() throws {
        let bucket = try resolve("s3", "GetBucketAcl", "eu-west-1", ["Bucket": "my-bucket"])
        #expect(bucket.authority == "my-bucket.s3.eu-west-1.amazonaws.com" && bucket.bucketInHost)
        let dots = try resolve("s3", "GetBucketAcl", "eu-west-1", ["Bucket": "my.bucket"])
        #expect(dots.authority == "s3.eu-west-1.amazonaws.com" && !dots.bucketInHost)
        let control = try resolve("s3control", "GetPublicAccessBlock", "eu-west-1", ["AccountId": "123456789012"])
        #expect(control.authority == "123456789012.s3-control.eu-west-1.amazonaws.com" && control.signingName == "s3")
    }

    @Test func `an endpoint set from outside is taken as it is`() throws {
        let options = EndpointOptions(
            settings: AWSSettings(environment: [
                "AWS_ENDPOINT_URL": "http://127.0.0.1:5000/", "AWS_ENDPOINT_URL_S3_CONTROL": "https://other:1/base",
            ]))
        let bucket = try resolve("s3", "GetBucketAcl", "eu-west-1", ["Bucket": "my-bucket"], options)
        #expect(bucket.authority == "127.0.0.1:5000" && bucket.scheme == "http" && !bucket.bucketInHost)
        let control = try resolve("s3control", "GetPublicAccessBlock", "eu-west-1", ["AccountId": "1"], options)
        #expect(control.authority == "other:1" && control.basePath == "/base")
        let ignored = EndpointOptions(
            settings: AWSSettings(environment: [
                "AWS_ENDPOINT_URL": "http://x", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
            ]))
        #expect(ignored.url == nil)
    }

    @Test func `the kind of endpoint is set by variables, or by the profile`() throws {
        let folder = try Files.createTemporaryDirectory(prefix: "parapet-endpoint")
        defer { try? Files.removeTree(folder) }
        let config = """
            [default]
            use_fips_endpoint = true
            sts_regional_endpoints = legacy
            endpoint_url = http://profile
            services = own
            ca_bundle = /ca.pem
            s3 =
              addressing_style = path
            [services own]
            sns =
              endpoint_url = http://sns.profile
            """
        try Files.writeAtomically(Array(config.utf8), to: folder + "/config")
        let profile = ["AWS_CONFIG_FILE": folder + "/config"]
        func options(_ more: [String: String]) -> EndpointOptions {
            EndpointOptions(settings: AWSSettings(environment: profile.merging(more) { $1 }))
        }
        #expect(options([:]).variant(of: "ec2") == .fips && options([:]).usesPathStyle)
        #expect(options(["AWS_USE_FIPS_ENDPOINT": "false"]).variant(of: "ec2") == .plain)
        #expect(options(["AWS_USE_FIPS_ENDPOINT": "no"]).variant(of: "sts") == .global)
        #expect(options(["AWS_USE_DUALSTACK_ENDPOINT": "True"]).variant(of: "sts") == .dualStackFIPS)
        #expect(options([:]).url(serviceID: "SNS") == "http://sns.profile")
        #expect(options([:]).url(serviceID: "S3") == "http://profile" && options([:]).caBundle == "/ca.pem")
        #expect(options(["AWS_ENDPOINT_URL": "http://variable"]).url(serviceID: "SNS") == "http://variable")
        let ignoring = options(["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"])
        #expect(ignoring.url(serviceID: "SNS") == nil)
    }

    @Test func `the service is at home where botocore's variable says, then the other SDKs', then the profile`() {
        func region(_ environment: [String: String]) -> String? { AWSSettings(environment: environment).region }
        #expect(region(["AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "us-west-2"]) == "us-west-2")
        #expect(region(["AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": ""]) == "eu-west-1")
        #expect(region([:]) == nil)
    }

    @Test(arguments: ["", "eu-west-1.evil.example/", "../x", "EU", "a b", "nowhere-1"])
    func `what is no region leads nowhere`(region: String) throws {
        #expect(throws: AWSError.self) { _ = try resolve("ec2", "DescribeVpcs", region) }
    }

    @Test(arguments: ["evil.example/x", "a@b", "AccountId", "{x}"])
    func `an account that is none is not put into a host's name`(account: String) throws {
        #expect(throws: AWSError.self) {
            _ = try resolve("s3control", "GetPublicAccessBlock", "eu-west-1", ["AccountId": .string(account)])
        }
    }
}
