import JSON
import Platform
import TestSupport
import Testing

@testable import SyncService

/// Every service, region and kind of endpoint against what botocore's own clients resolve.
@Suite struct EndpointOracleTests {
    static let isAvailable = Files.exists(Emulator.python)

    private struct Case {
        var service: String
        var operation: String
        var input: JSONValue
        var region: String
        var kind: EndpointVariant
        /// Nil where botocore has none.
        var url: String?
        var signingRegion: String?
        var signingName: String?

        init?(_ value: JSONValue) {
            guard let row = value.array, row.count == 8, let kind = row[4].string.flatMap(EndpointVariant.init) else {
                return nil
            }
            service = row[0].string ?? ""
            operation = row[1].string ?? ""
            input = row[2]
            region = row[3].string ?? ""
            self.kind = kind
            url = row[5].string
            signingRegion = row[6].string
            signingName = row[7].string
        }
    }

    private func run(_ program: [String]) async throws -> [UInt8] {
        let run = try await ChildProcess.run([Emulator.python] + program, timeout: .seconds(300), limitBytes: 64 << 20)
        try #require(run.status.isSuccess, "\(String(decoding: run.error.suffix(1000), as: UTF8.self))")
        return run.output
    }

    private func compare(share: String) async throws -> Int {
        let output = try await run([
            Fixtures.path("botocore_endpoints.py"), share + "/shapes", share + "/partitions.json",
        ])
        let partitions = try Partitions.load(share: share)
        let shapes = ShapeStore(share: share)
        var count = 0
        for line in output.split(separator: UInt8(ascii: "\n")) {
            let one = try #require(Case(try JSONValue(parsing: Array(line))))
            count += 1
            var options = EndpointOptions()
            options.usesDualStack = one.kind.isDualStack
            options.usesFIPS = one.kind.isFIPS
            options.usesGlobalSTS = one.kind == .global
            let resolver = EndpointResolver(partitions: partitions, options: options)
            let model = try shapes.model(one.service)
            let operation = try #require(model.operations[one.operation])
            let found = try? resolver.resolve(model, operation, region: one.region, input: one.input)
            let name = "\(one.service):\(one.operation) \(one.input.text()) \(one.region) \(one.kind)"
            #expect(found.map { url($0, one) } == one.url, "\(name)")
            guard one.url != nil else { continue }
            #expect(found?.signingRegion == one.signingRegion && found?.signingName == one.signingName, "\(name)")
        }
        return count
    }

    /// As botocore writes it: a bucket that is not in the host stands in the path.
    private func url(_ endpoint: ResolvedEndpoint, _ one: Case) -> String {
        let url = "\(endpoint.scheme)://\(endpoint.authority)\(endpoint.basePath)"
        guard let bucket = one.input["Bucket"]?.string, !endpoint.bucketInHost else { return url }
        return "\(url)/\(bucket)"
    }

    @Test(.enabled(if: isAvailable, "needs PARAPET_PYTHON, or .venv from `make dependencies`"))
    func `each service of the catalogue is where botocore finds it`() async throws {
        let count = try await compare(share: Fixtures.share)
        #expect(count > 8000)
    }

    /// Services whose endpoints are odd, of which the catalogue has none yet.
    private static let odd = """
        route53 ListHostedZones
        cloudfront ListDistributions
        globalaccelerator ListAccelerators
        shield ListProtections
        waf ListWebACLs
        wafv2 ListWebACLs
        budgets DescribeBudgets
        ce GetCostCategories
        networkmanager DescribeGlobalNetworks
        support DescribeTrustedAdvisorChecks
        health DescribeEvents
        dynamodb ListTables
        lambda ListFunctions
        ecr DescribeRepositories
        ecr-public DescribeRepositories
        eks ListClusters
        elbv2 DescribeLoadBalancers
        ssm DescribeParameters
        secretsmanager ListSecrets
        guardduty ListDetectors
        opensearch ListDomainNames
        apigateway GetRestApis
        apigatewayv2 GetApis
        sso-admin ListInstances
        accessanalyzer ListAnalyzers
        autoscaling DescribeAutoScalingGroups
        events ListRules
        sqs ListQueues
        redshift DescribeClusters
        """

    @Test(.enabled(if: isAvailable, "needs PARAPET_PYTHON, or .venv from `make dependencies`"))
    func `services with odd endpoints would be found too`() async throws {
        let root = try Files.createTemporaryDirectory(prefix: "parapet-endpoints")
        defer { try? Files.removeTree(root) }
        try Files.createDirectory(root + "/scripts")
        try Files.writeAtomically(
            try Files.read(Fixtures.root + "/scripts/requirements.txt"), to: root + "/scripts/requirements.txt")
        try Files.writeAtomically(Array(Self.odd.utf8), to: root + "/scripts/extra-operations.txt")
        _ = try await run([Fixtures.root + "/scripts/generate-shapes.py", "--root", root])
        let count = try await compare(share: root + "/share/parapet")
        #expect(count > 6000)
    }
}
