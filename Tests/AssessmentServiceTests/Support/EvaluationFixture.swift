import JSON
import Platform

@testable import AssessmentService

/// An account's replica made of the assets that a test names, on the catalogue's schema, to try controls on.
///
/// ```swift
/// let fixture = try EvaluationFixture(assets: [
///     .init("aws_s3_bucket", arn: "arn:aws:s3:::a", configuration: #"{"Name":"a","GetBucketVersioning":{}}"#),
///     .init("aws_s3_bucket", arn: "arn:aws:s3:::b", gaps: ["GetBucketVersioning"]),
/// ])
/// let verdicts = try fixture.evaluate(control: sql)          // the whole file, header included; ordered by ARN
/// #expect(verdicts == [.init(arn: "arn:aws:s3:::a", status: .fail, reason: "…"), …])
/// ```
final class EvaluationFixture {
    struct Asset {
        var asset: ReplicaAsset

        /// - Parameters:
        ///   - region: Where it is; nil: `global` for types that are listed once, else `eu-west-1`.
        ///   - configuration: JSON as the sync service stores it: the listed item's members, and a member for each
        ///     enrichment call.
        ///   - gaps: Calls that were denied for it; the code is `AccessDenied`.
        ///   - isStale: Its scope could not be read any more.
        init(
            _ type: String, arn: String, region: String? = nil, id: String = "", name: String = "",
            tags: [String: String] = [:], configuration: String = "{}", gaps: [String] = [], isStale: Bool = false
        ) {
            asset = ReplicaAsset(
                type: type, arn: arn, region: region ?? "", scope: "", id: id, name: name, tags: tags,
                configuration: configuration,
                gaps: gaps.map { AssetGap(call: $0, code: "AccessDenied", message: "not allowed") }, isStale: isStale)
        }
    }

    /// A scope that was not read; everything else is complete.
    struct UnreadScope {
        var type: String
        var region: String
        var code: String

        init(_ type: String, region: String, code: String = "AccessDenied") {
            self.type = type
            self.region = region
            self.code = code
        }
    }

    private let path: String
    private let schema: ReplicaSchema
    private let time: String

    /// - Parameters:
    ///   - unread: Scopes that were not read.
    ///   - regions: The account's regions, beside those of the assets.
    ///   - time: The assessment's time, RFC 3339.
    ///   - schema: nil: the catalogue's.
    init(
        assets: [Asset], unread: [UnreadScope] = [], regions: [String] = ["eu-west-1"],
        time: String = "2026-11-24T22:00:00Z", accountNumber: String = "123456789012", schema: ReplicaSchema? = nil
    ) throws {
        let schema = try schema ?? CatalogueSchema.load()
        self.schema = schema
        self.time = time
        path = try Files.createTemporaryDirectory(prefix: "parapet-evaluation") + "/replica.db"
        var batch = ReplicaBatch(change: 1, epoch: "e", isComplete: true)
        var all = Set(regions)
        for given in assets {
            var asset = given.asset
            guard let type = schema.type(asset.type) else { throw FixtureError.noType(asset.type) }
            if asset.region.isEmpty { asset.region = type.isGlobal ? "global" : "eu-west-1" }
            asset.scope = type.isGlobal ? "global" : asset.region
            if !type.isGlobal { all.insert(asset.region) }
            asset.change = 1
            batch.assets.append(asset)
        }
        for type in schema.types {
            for region in type.isGlobal ? ["global"] : all.union(unread.map(\.region)).subtracting(["global"]) {
                let gap = unread.first { $0.type == type.name && $0.region == region }
                batch.coverage.append(
                    ScopeCoverage(
                        type: type.name, region: region, isComplete: gap == nil, code: gap?.code ?? "",
                        message: gap == nil ? "" : "not allowed"))
            }
        }
        try ReplicaWriter(path: path, schema: schema, accountNumber: accountNumber).apply(batch)
    }

    func evaluator() throws -> ControlEvaluator { try ControlEvaluator(path: path, schema: schema, time: time) }

    deinit { try? Files.removeTree(Files.parent(of: path)) }

    enum FixtureError: Error { case noType(String) }

    /// Evaluates a control.
    ///
    /// - Parameter control: A control file's text: header and SQL.
    /// - Returns: Ordered by ARN; assets without a verdict are left out.
    /// - Throws: What is wrong with the control.
    func evaluate(control: String) throws -> [Verdict] {
        let id = control.split(separator: "\n").first { $0.hasPrefix("-- id:") }?.dropFirst(6)
        let name = String(id ?? "").filter { $0 != " " } + ".sql"
        let definition = try ControlFile.definition(name: name, text: control)
        return try evaluate(sql: definition.sql, resourceType: definition.resourceType).verdicts
    }

    /// Evaluates SQL without a header.
    func evaluate(
        sql: String, resourceType: String, limits: EvaluationLimits = EvaluationLimits()
    ) throws -> ControlOutcome {
        try evaluate(ControlChecker(schema).program(sql: sql, resourceType: resourceType), limits: limits)
    }

    func evaluate(
        _ program: ControlProgram, limits: EvaluationLimits = EvaluationLimits()
    ) throws -> ControlOutcome {
        let evaluator = try ControlEvaluator(path: path, schema: schema, time: time, limits: limits)
        return try evaluator.evaluate(program)
    }
}
