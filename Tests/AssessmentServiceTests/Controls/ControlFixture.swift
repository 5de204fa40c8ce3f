import JSON
import Platform

@testable import AssessmentService

/// What a shipped control has to say about small accounts: `Controls/Fixtures/CONTROL.json`.
///
/// ```json
/// { "control": "s3_bucket_versioning_is_enabled", "time": "2026-11-24T22:00:00Z",
///   "cases": [ { "name": "every answer",
///     "assets": [ { "type": "aws_s3_bucket", "arn": "…", "region": "eu-west-1", "configuration": { … },
///                   "gaps": ["GetBucketPolicy"], "stale": true } ],
///     "unread": [ { "type": "aws_s3_account_settings", "region": "global" } ],
///     "expect": [ { "arn": "…", "status": "fail", "reason": "…" } ] } ] }
/// ```
/// `gaps` are calls that were denied for the asset, `stale` one whose listing was denied since, `unread` scopes that
/// were denied. Assets left out of `expect` have no verdict: the control does not apply. The reason of an unknown is
/// the engine's and is not compared.
struct ControlFixture {
    struct Expectation: Equatable {
        var arn: String
        var status: Verdict.Status
        /// nil: any.
        var reason: String?
    }

    struct Case {
        var name: String
        var assets: [EvaluationFixture.Asset]
        var unread: [EvaluationFixture.UnreadScope]
        var expected: [Expectation]
        /// Something in it was denied.
        var isDenied: Bool
    }

    enum FixtureError: Error { case malformed(String) }

    let control: String
    let time: String
    let cases: [Case]

    /// The statuses that its cases expect.
    var statuses: Set<Verdict.Status> { Set(cases.flatMap(\.expected).map(\.status)) }

    init(named name: String) throws {
        let path = Self.directory + "/" + name + ".json"
        let root = try JSONValue(parsing: Files.read(path))
        func require<T>(_ value: T?, _ what: String) throws -> T {
            guard let value else { throw FixtureError.malformed("\(name).json: \(what)") }
            return value
        }
        control = try require(root["control"]?.string, "control")
        time = try require(root["time"]?.string, "time")
        cases = try require(root["cases"]?.array, "cases").map { entry in
            let assets = entry["assets"]?.array ?? []
            let unread = entry["unread"]?.array ?? []
            return Case(
                name: entry["name"]?.string ?? "",
                assets: try assets.map { asset in
                    EvaluationFixture.Asset(
                        try require(asset["type"]?.string, "type"), arn: try require(asset["arn"]?.string, "arn"),
                        region: asset["region"]?.string,
                        configuration: try require(asset["configuration"], "configuration").text(canonical: true),
                        gaps: (asset["gaps"]?.array ?? []).compactMap(\.string),
                        isStale: asset["stale"] == .bool(true))
                },
                unread: try unread.map {
                    .init(
                        try require($0["type"]?.string, "type"), region: try require($0["region"]?.string, "region"))
                },
                expected: try require(entry["expect"]?.array, "expect").map { verdict in
                    Expectation(
                        arn: try require(verdict["arn"]?.string, "arn"),
                        status: try require(Self.status(verdict["status"]?.string), "status"),
                        reason: verdict["reason"]?.string)
                },
                isDenied: !unread.isEmpty || assets.contains { $0["gaps"] != nil })
        }
    }

    private static func status(_ name: String?) -> Verdict.Status? {
        switch name {
        case "pass": .pass
        case "fail": .fail
        case "unknown": .unknown
        default: nil
        }
    }

    static let directory = CatalogueSchema.root() + "/Tests/AssessmentServiceTests/Controls/Fixtures"
    static let controlDirectory = CatalogueSchema.root() + "/share/parapet/controls"

    /// The ids of the shipped controls.
    static let controls = ids(in: controlDirectory, suffix: ".sql")
    static let fixtures = ids(in: directory, suffix: ".json")

    private static func ids(in directory: String, suffix: String) -> [String] {
        let names = (try? Files.list(directory)) ?? []
        return names.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.utf8.count)) }
    }

    /// The catalogue's tables, read once.
    static let schema = Result { try CatalogueSchema.load() }

    /// The text of a shipped control: header and SQL.
    static func text(of control: String) throws -> String {
        String(decoding: try Files.read(controlDirectory + "/" + control + ".sql"), as: UTF8.self)
    }
}
