@testable import AssessmentService

/// A small random account of ``SmallSchema``, of which a part can be hidden and thought up anew.
struct RandomAccount {
    struct Row {
        var type: String
        var arn: String
        var region: String
        /// JSON of what the listing tells, and of what each call tells.
        var listing: String
        var calls: [String: String]
        var hidden: Set<String> = []
        var isStale = false
    }

    var rows: [Row] = []
    var unread: [(type: String, region: String)] = []
    private var made = 0

    static let regions = ["r1", "r2"]
    private static let calls = [
        "aws_bucket": ["GetVersioning", "GetStatus", "GetLogging"], "aws_group": ["GetRules"],
        "aws_instance": ["GetAttribute"], "aws_settings": ["GetBlock"],
    ]

    init(_ random: inout SplitMix) {
        for _ in 0..<random.below(4) { add("aws_bucket", "global", &random) }
        for region in Self.regions {
            for _ in 0..<random.below(3) { add("aws_group", region, &random) }
            for _ in 0..<random.below(3) { add("aws_instance", region, &random) }
        }
        if random.chance(60) { add("aws_settings", "global", &random) }
    }

    private mutating func add(_ type: String, _ region: String, _ random: inout SplitMix) {
        made += 1
        var calls: [String: String] = [:]
        for call in Self.calls[type] ?? [] { calls[call] = Self.answer(call, &random) }
        rows.append(
            Row(type: type, arn: "\(type)/\(made)", region: region, listing: Self.listing(type, &random), calls: calls))
    }

    private static func listing(_ type: String, _ random: inout SplitMix) -> String {
        switch type {
        case "aws_bucket": #""title":"t\#(random.below(3))""#
        case "aws_group": #""group_id":"\#(random.below(3))","vpc_id":"v\#(random.below(2))""#
        case "aws_instance": #""group_id":"\#(random.below(3))","state":"\#(random.pick(["on", "off"]))""#
        default: #""x":1"#
        }
    }

    /// What a call may tell; null among it, for what is not configured.
    private static func answer(_ call: String, _ random: inout SplitMix) -> String {
        switch call {
        case "GetVersioning": random.pick([#"{"versioning":"Enabled"}"#, #"{"versioning":"Suspended"}"#, "{}", "null"])
        case "GetLogging": random.pick(["{}", #"{"target":"t0"}"#, #"{"target":"t1"}"#])
        case "GetStatus": random.pick([#"{"public":true}"#, #"{"public":false}"#, "null"])
        case "GetAttribute": random.pick([#"{"protected":true}"#, #"{"protected":false}"#])
        case "GetBlock": random.pick([#"{"block":true}"#, #"{"block":false}"#])
        default:
            #"{"rules":["#
                + (0..<random.below(3)).map { _ in
                    #"{"port":\#(random.pick([22, 80])),"open":\#(random.pick(["true", "false"]))}"#
                }.joined(separator: ",") + "]}"
        }
    }

    /// Takes 1 to 3 things away: a call's answer, or a whole scope, of which some assets may be left as stale.
    mutating func hide(_ random: inout SplitMix) {
        for _ in 0...random.below(3) {
            if random.chance(65), !rows.isEmpty {
                let index = random.below(rows.count)
                rows[index].hidden.insert(random.pick(Self.calls[rows[index].type] ?? []))
            } else {
                let type = random.pick(["aws_bucket", "aws_group", "aws_instance", "aws_settings"])
                let region = type == "aws_bucket" || type == "aws_settings" ? "global" : random.pick(Self.regions)
                if unread.contains(where: { $0 == (type, region) }) { continue }
                unread.append((type, region))
                let keepsStale = random.chance(50)
                rows = rows.compactMap { row in
                    var row = row
                    guard row.type == type, row.region == region else { return row }
                    row.isStale = true
                    return keepsStale ? row : nil
                }
            }
        }
    }

    /// One way in which the hidden may be: other answers, other assets in the unread scopes.
    func completed(_ random: inout SplitMix) -> RandomAccount {
        var account = self
        account.unread = []
        account.rows = rows.filter { !$0.isStale || random.chance(60) }.map { row in
            var row = row
            row.isStale = false
            for call in row.hidden { row.calls[call] = Self.answer(call, &random) }
            row.hidden = []
            return row
        }
        account.made = made + 100
        for scope in unread {
            for _ in 0..<random.below(3) where scope.type != "aws_settings" || random.chance(50) {
                account.add(scope.type, scope.region, &random)
            }
        }
        return account
    }

    func fixture(_ schema: ReplicaSchema) throws -> EvaluationFixture {
        let assets = rows.map { row in
            let told = row.calls.filter { !row.hidden.contains($0.key) }.sorted { $0.key < $1.key }
            let members = [row.listing] + told.map { "\"\($0.key)\":\($0.value)" }
            return EvaluationFixture.Asset(
                row.type, arn: row.arn, region: row.region, configuration: "{\(members.joined(separator: ","))}",
                gaps: row.hidden.sorted(), isStale: row.isStale)
        }
        return try EvaluationFixture(
            assets: assets, unread: unread.map { .init($0.type, region: $0.region) }, regions: Self.regions,
            schema: schema)
    }
}
