import JSON
import Testing

@testable import SyncService

@Suite struct PolicyBuilderTests {
    let builder: PolicyBuilder

    init() throws {
        builder = PolicyBuilder(
            catalogue: try Catalogue.load(share: Fixtures.share),
            securityAudit: try ManagedPolicy.load(share: Fixtures.share))
    }

    @Test(arguments: [
        ("s3:GetBucketAcl", "s3:GetBucketAcl", true), ("s3:GetBucketAcl", "s3:getbucket*", true),
        ("s3:GetBucketAcl", "s3:*Acl", true), ("s3:GetBucketAcl", "s3:Get*et?cl", true),
        ("s3:GetBucketAcl", "s3:Get", false), ("s3:GetBucketAcl", "ec2:*", false), ("s3:GetBucketAcl", "*", true),
        ("s3:GetBucketAcl", "s3:GetBucketAcl?", false), ("s3:GetBucketAcl", "s3:*Acl*x", false),
    ])
    func `an action matches a pattern as IAM compares them`(action: String, pattern: String, matches: Bool) {
        #expect(ManagedPolicy.matches(action, pattern: pattern) == matches)
    }

    @Test func `the custom policy is what the managed policy leaves out, and no more`() throws {
        var narrow = builder.securityAudit
        narrow.patterns = ["s3:*", "ec2:describe*"]
        let some = PolicyBuilder(catalogue: builder.catalogue, securityAudit: narrow)
        let policy = try #require(some.customPolicy)
        let statement = try JSONValue(parsing: policy)["Statement"]?[0] ?? .null
        let actions = (statement["Action"]?.array ?? []).compactMap(\.string)
        #expect(actions == some.customActions)
        #expect(actions.contains("iam:ListUsers") && !actions.contains { $0.hasPrefix("s3:") })
        #expect(!actions.contains("ec2:DescribeRegions"))
        #expect(Set(some.actions).subtracting(actions).allSatisfy { narrow.allows($0) })
        narrow.patterns = ["*"]
        #expect(PolicyBuilder(catalogue: builder.catalogue, securityAudit: narrow).customPolicy == nil)
    }

    @Test func `SecurityAudit grants nearly all of the catalogue`() {
        #expect(builder.securityAudit.version.hasPrefix("v"))
        #expect(builder.customActions.count * 10 < builder.actions.count, "\(builder.customActions)")
    }

    @Test func `the minimal policy names every action once and fits a managed policy`() throws {
        let document = try JSONValue(parsing: builder.minimalPolicy)
        let actions = (document["Statement"]?[0]?["Action"]?.array ?? []).compactMap(\.string)
        #expect(actions == builder.actions)
        #expect(Set(actions).count == actions.count)
        #expect(actions.allSatisfy { !$0.contains("*") })
        #expect(document.text().count <= 10_240, "beyond what a role's inline policies may have")
    }

    @Test func `no policy of ours allows to change anything or to read data`() {
        for action in builder.actions where action != "iam:GenerateCredentialReport" {
            let name = action.drop { $0 != ":" }.dropFirst()
            let reads = ["List", "Describe", "Get", "BatchGet", "GET"].contains { name.hasPrefix($0) }
            #expect(reads, "\(action) does not only read")
            let isData = DataPlane.operations.contains(String(name))
            #expect(!isData, "\(action) reads data")
        }
    }
}
