import Platform
import Testing

@testable import AssessmentService

struct ReplicaTests {
    private static func schema(_ hash: String = "h") throws -> ReplicaSchema {
        func column(_ name: String, _ kind: ColumnKind, _ path: String, call: String? = nil) -> ReplicaColumn {
            ReplicaColumn(name: name, kind: kind, path: path, call: call)
        }
        let thing = ReplicaType(
            name: "aws_thing", isGlobal: false,
            columns: [
                column("size", .integer, "$.Size"), column("share", .real, "$.Share"),
                column("on_now", .boolean, "$.On"), column("words", .boolean, "$.Words"),
                column("policy", .json, "$.GetPolicy.Policy", call: "GetPolicy"),
                column("first", .text, "$.List[0].Name"), column("odd", .text, #"$."aws:it's""#),
                column("made", .time, "$.Made"),
            ],
            children: [
                ReplicaChildTable(
                    name: "aws_thing_item", rows: "$.List",
                    columns: [
                        column("name", .text, "$.Name"), column("open", .boolean, "$.Open"),
                        column("more", .json, "$.More"),
                    ]),
                ReplicaChildTable(
                    name: "aws_thing_word", rows: "$.Strings", columns: [column("word", .text, "$")]),
            ], calls: ["GetPolicy"])
        return try ReplicaSchema(types: [thing], hash: hash)
    }

    private final class Directory {
        let path: String
        init() throws { path = try Files.createTemporaryDirectory(prefix: "parapet-replica") }
        deinit { try? Files.removeTree(path) }
        var file: String { path + "/replica.db" }

        func rows(_ sql: String) throws -> [String] {
            let handle = try SQLiteHandle(path: file, readOnly: true)
            return try handle.rows(sql) { row in
                (0..<10).map { row.isNull(Int32($0)) ? "·" : row.text(Int32($0)) }.joined(separator: "|")
            }.map { text in
                var text = Substring(text)
                while text.hasSuffix("|·") { text = text.dropLast(2) }
                return String(text)
            }
        }
    }

    private static func asset(
        _ arn: String, _ configuration: String = "{}", id: String = "", change: Int64 = 1, deleted: Bool = false,
        gaps: [String] = []
    ) -> ReplicaAsset {
        ReplicaAsset(
            type: "aws_thing", arn: arn, region: "r1", scope: "r1", id: id, name: "n", tags: ["b": "2", "a": "\"1\""],
            configuration: configuration, gaps: gaps.map { AssetGap(call: $0, code: "E", message: "m") },
            change: change, isDeleted: deleted)
    }

    @Test func `values are projected by their kind, and JSON's null is NULL`() throws {
        let directory = try Directory()
        let writer = try ReplicaWriter(path: directory.file, schema: Self.schema(), accountNumber: "123456789012")
        let configuration = #"""
            {"GetPolicy":{"Policy":{"Statement":[{"Effect":"Allow"}]}},"List":[{"Name":"x","Open":true,"More":null},{"Name":"y","More":[1]}],"Made":"2026-01-02T03:04:05Z","On":false,"Share":1.5,"Size":9007199254740993,"Strings":["one","[2]","{\"a\":1}"],"Words":"true","aws:it's":"odd"}
            """#
        try writer.apply(
            ReplicaBatch(
                assets: [
                    Self.asset("a", configuration),
                    Self.asset("b", #"{"On":null,"Size":null,"GetPolicy":null,"List":null}"#),
                ], change: 1, epoch: "e", isComplete: true))
        #expect(
            try directory.rows(
                "SELECT size, share, on_now, words, policy, first, odd, made FROM aws_thing ORDER BY arn") == [
                    #"9007199254740993|1.5|0|1|{"Statement":[{"Effect":"Allow"}]}|x|odd|2026-01-02T03:04:05Z"#, "·",
                ])
        #expect(
            try directory.rows("SELECT account_id, region, arn, id, name, tags FROM aws_thing WHERE arn = 'a'")
                == [#"123456789012|r1|a||n|{"a":"\"1\"","b":"2"}"#])
        #expect(
            try directory.rows("SELECT arn, position, name, open, more FROM aws_thing_item ORDER BY position")
                == ["a|0|x|1", "a|1|y|·|[1]"])
        #expect(try directory.rows("SELECT word FROM aws_thing_word ORDER BY position") == ["one", "[2]", #"{"a":1}"#])
        #expect(
            try directory.rows("SELECT typeof(size), typeof(on_now), typeof(share) FROM aws_thing WHERE arn = 'a'") == [
                "integer|integer|real"
            ])
    }

    @Test func `a changed asset replaces its rows, and a tombstone takes them away`() throws {
        let directory = try Directory()
        let writer = try ReplicaWriter(path: directory.file, schema: Self.schema(), accountNumber: "1")
        try writer.apply(
            ReplicaBatch(
                assets: [Self.asset("a", #"{"List":[{},{},{}],"Size":1}"#), Self.asset("b", #"{"List":[{}]}"#)],
                change: 2, epoch: "e"))
        try writer.apply(
            ReplicaBatch(assets: [Self.asset("a", #"{"List":[{}],"Size":2}"#, change: 3)], change: 3, epoch: "e"))
        #expect(try directory.rows("SELECT arn, size FROM aws_thing ORDER BY arn") == ["a|2", "b"])
        #expect(try directory.rows("SELECT count(*) FROM aws_thing_item") == ["2"])
        #expect(try directory.rows("SELECT revision FROM _table") == ["3"])
        try writer.apply(
            ReplicaBatch(assets: [Self.asset("a", change: 4, deleted: true)], change: 4, epoch: "e", isComplete: true))
        #expect(try directory.rows("SELECT arn FROM aws_thing") == ["b"])
        #expect(try directory.rows("SELECT arn FROM aws_thing_item") == ["b"])
        #expect(try writer.position().change == 4)
    }

    @Test func `a resource made again under its ARN survives the tombstone of the first`() throws {
        let directory = try Directory()
        let writer = try ReplicaWriter(path: directory.file, schema: Self.schema(), accountNumber: "1")
        try writer.apply(ReplicaBatch(assets: [Self.asset("a", id: "one")], change: 1, epoch: "e"))
        try writer.apply(
            ReplicaBatch(
                assets: [Self.asset("a", id: "two", change: 2), Self.asset("a", id: "one", change: 3, deleted: true)],
                change: 3, epoch: "e"))
        #expect(try directory.rows("SELECT id FROM aws_thing") == ["two"])
    }

    @Test func `a replica of another schema or account is made anew, one that fits is kept`() throws {
        let directory = try Directory()
        try ReplicaWriter(path: directory.file, schema: Self.schema(), accountNumber: "1")
            .apply(ReplicaBatch(assets: [Self.asset("a")], change: 5, epoch: "e"))
        for (hash, number, change) in [("h", "1", 5), ("h", nil, 5), ("h", "2", 0), ("other", "2", 0)]
            as [(String, String?, Int64)]
        {
            let writer = try ReplicaWriter(path: directory.file, schema: Self.schema(hash), accountNumber: number)
            #expect(try writer.position().change == change)
        }
        try Files.writeAtomically(Array("no database at all, not at all".utf8), to: directory.file)
        #expect(
            try ReplicaWriter(path: directory.file, schema: Self.schema(), accountNumber: "1").position().change == 0)
    }

    @Test func `a batch that fails leaves the replica as the one before left it`() throws {
        let directory = try Directory()
        let writer = try ReplicaWriter(path: directory.file, schema: Self.schema(), accountNumber: "1")
        try writer.apply(ReplicaBatch(assets: [Self.asset("a")], change: 1, epoch: "e"))
        let blocker = try SQLiteHandle(path: directory.file, readOnly: false)
        try blocker.script(
            "CREATE TRIGGER stop BEFORE INSERT ON _asset WHEN NEW.arn = 'c' BEGIN SELECT raise(ABORT, 'no'); END")
        #expect(throws: EvaluationError.self) {
            try writer.apply(ReplicaBatch(assets: [Self.asset("b"), Self.asset("c")], change: 3, epoch: "e"))
        }
        #expect(try directory.rows("SELECT arn FROM aws_thing") == ["a"])
        #expect(try writer.position().change == 1)
    }

    @Test func `of a configuration that is no JSON nothing is known`() throws {
        let directory = try Directory()
        let writer = try ReplicaWriter(path: directory.file, schema: Self.schema(), accountNumber: "1")
        try writer.apply(ReplicaBatch(assets: [Self.asset("a", "{broken")], change: 1, epoch: "e"))
        #expect(try directory.rows("SELECT stale FROM _asset") == ["1"])
    }

    @Test func `an asset is stale while its scope is not read, whether it is sent again or not`() throws {
        let directory = try Directory()
        let writer = try ReplicaWriter(path: directory.file, schema: Self.schema(), accountNumber: "1")
        func cover(_ complete: Bool, _ change: Int64) throws {
            try writer.apply(
                ReplicaBatch(
                    assets: change == 2 ? [Self.asset("b", change: 2)] : [],
                    coverage: [ScopeCoverage(type: "aws_thing", region: "r1", isComplete: complete)], change: change,
                    epoch: "e"))
        }
        try writer.apply(ReplicaBatch(assets: [Self.asset("a")], change: 1, epoch: "e"))
        try cover(false, 2)
        #expect(try directory.rows("SELECT arn, stale FROM _asset ORDER BY arn") == ["a|1", "b|1"])
        try cover(true, 3)
        #expect(try directory.rows("SELECT arn, stale FROM _asset ORDER BY arn") == ["a|0", "b|0"])
    }
}
