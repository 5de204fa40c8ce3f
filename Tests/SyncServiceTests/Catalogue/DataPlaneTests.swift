import JSON
import Platform
import Testing

@testable import SyncService

/// Design: the catalogue reads configuration and nothing else.
@Suite struct DataPlaneTests {
    @Test func `no entry calls an operation that returns data or changes anything`() throws {
        for entry in try Catalogue.load(share: Fixtures.share).types {
            for (service, operation) in entry.operations {
                #expect(DataPlane.objection(service: service, operation: operation) == nil, "\(entry.type)")
            }
        }
    }

    @Test func `each call of an entry has its IAM action in the entry's list`() throws {
        for entry in try Catalogue.load(share: Fixtures.share).types {
            for (service, operation) in entry.operations {
                guard let action = Self.action(service, operation) else { continue }
                #expect(entry.iamActions.contains(action), "\(entry.type): \(service):\(operation) needs \(action)")
            }
        }
    }

    @Test func `no entry asks for an action that none of its calls needs`() throws {
        for entry in try Catalogue.load(share: Fixtures.share).types {
            let needed = Set(entry.operations.compactMap { Self.action($0.service, $0.operation) })
            let unneeded = Set(entry.iamActions).subtracting(needed)
            #expect(unneeded.isEmpty, "\(entry.type): no call needs \(unneeded.sorted())")
        }
    }

    @Test func `the shapes hold no operation that changes anything but the report and the role`() throws {
        for name in try Files.list(Fixtures.share + "/shapes") {
            let service = String(name.dropLast(5))
            for operation in try Fixtures.shapes.model(service).operations.keys {
                if service == "sts", operation.hasPrefix("AssumeRole") { continue }
                #expect(DataPlane.objection(service: service, operation: operation) == nil)
            }
        }
    }

    @Test(arguments: [
        "s3:GetObject", "dynamodb:Scan", "secretsmanager:GetSecretValue", "ssm:GetParameter", "logs:GetLogEvents",
        "ec2:RunInstances", "iam:CreateUser", "cloudtrail:LookupEvents", "lambda:GetFunction", "sts:AssumeRole",
        "kms:Decrypt", "s3:PutBucketPolicy", "iam:GenerateServiceLastAccessedDetails", "cognito-idp:ListUsers",
    ])
    func `an operation on data, and one that changes something, is refused`(name: String) {
        let parts = name.split(separator: ":").map(String.init)
        #expect(DataPlane.objection(service: parts[0], operation: parts[1]) != nil)
    }

    /// The IAM action of an operation; nil where none is needed. Where AWS's names differ, by its service reference.
    static func action(_ service: String, _ operation: String) -> String? {
        let full = "\(service):\(operation)"
        if full == "sts:GetCallerIdentity" { return nil }
        if let special = special[full] { return special }
        if service == "apigateway" || service == "apigatewayv2" { return "apigateway:GET" }
        return "\(prefixes[service] ?? service):\(operation)"
    }

    private static let special = [
        "s3:ListBuckets": "s3:ListAllMyBuckets", "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
        "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
        "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
        "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
        "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
        "s3:ListDirectoryBuckets": "s3express:ListAllMyDirectoryBuckets",
        "s3control:GetPublicAccessBlock": "s3:GetAccountPublicAccessBlock",
        "s3control:ListAccessPoints": "s3:ListAccessPoints",
    ]

    private static let prefixes = [
        "accessanalyzer": "access-analyzer", "elb": "elasticloadbalancing", "elbv2": "elasticloadbalancing",
        "efs": "elasticfilesystem", "emr": "elasticmapreduce", "stepfunctions": "states", "opensearch": "es",
        "neptune": "rds", "docdb": "rds", "sesv2": "ses", "s3control": "s3", "bedrock-agent": "bedrock",
        "application-autoscaling": "application-autoscaling", "redshift-serverless": "redshift-serverless",
        "events": "events", "kafka": "kafka", "kafkaconnect": "kafkaconnect",
    ]
}
