import Testing

@testable import AssessmentService

/// A control is a user's own text: it can do no harm, and is told what it may not do.
struct ControlSafetyTests {
    private static func select(_ expression: String, from: String = "aws_bucket b") -> String {
        "select b.arn, 'pass' as status, \(expression) as reason from \(from)"
    }

    private static let refused: [(sql: String, says: String)] = [
        (select("1", from: "aws_bucket b natural join aws_group g"), "NATURAL"),
        (select("1", from: "aws_bucket b join aws_group g using (arn)"), "USING"),
        (select("1", from: "main.aws_bucket b"), "without a schema"),
        (select("1", from: "\"main\".aws_bucket b"), "without a schema"),
        (select("b.rowid"), "no column rowid"),
        (select("b._rowid_"), "no column rowid"),
        (select("1", from: "aws_bucket b, _asset"), "no table _asset"),
        (select("1", from: "aws_bucket b, _coverage"), "no table _coverage"),
        (select("(select count(*) from _asset)"), "no table _asset"),
        (select("(select count(*) from dbstat)"), ""),
        (select("(select count(*) from sqlite_schema)"), "no table sqlite_schema"),
        (select("(select count(*) from [main].aws_group)"), "without a schema"),
        (select("1", from: "aws_bucket b, sqlite_master"), "no table sqlite_master"),
        (select("1", from: "aws_bucket b, pragma_table_info('aws_bucket')"), "only select"),
        (select("b.no_such"), "no such column"),
        (select("load_extension('x')"), "load_extension"),
        (select("randomblob(1000000000)"), "randomblob"),
        (select("zeroblob(1000000000)"), "zeroblob"),
        (select("printf('%900000000d', 1)"), "printf"),
        (select("random()"), "random"),
        (select("sqlite_version()"), "sqlite_version"),
        (select("current_timestamp"), "current_timestamp"),
        ("explain " + select("1"), "EXPLAIN"),
        (select("1") + "; " + select("1"), "one statement"),
        ("delete from aws_bucket", "one SELECT"),
        ("pragma user_version", "one SELECT"),
        ("attach 'x' as y", "one SELECT"),
        ("", "no SQL"),
        ("select arn, 'pass' as status from aws_bucket", "arn, status, reason"),
        (select("?1"), "parameters"),
        ("with aws_bucket as (select 1 as arn) " + select("1"), "WITH may not define"),
        (select(String(repeating: "(", count: 900) + "1" + String(repeating: ")", count: 900)), ""),
        (select(Array(repeating: "1", count: 900).joined(separator: " or ")), ""),
        (Array(repeating: select("1"), count: 500).joined(separator: " union all "), ""),
        (select("'" + String(repeating: "x", count: 2_000_000) + "'"), ""),
        (select("char(" + Array(repeating: "65", count: 90).joined(separator: ",") + ")"), ""),
    ]

    @Test(arguments: refused.indices)
    func `what a control may not do is refused when it is read`(index: Int) throws {
        let checker = try ControlChecker(SmallSchema.make())
        let (sql, says) = Self.refused[index]
        let error = #expect(throws: EvaluationError.self) {
            try checker.program(sql: sql, resourceType: "aws_bucket")
        }
        guard case .refused(let message) = error else {
            Issue.record("not refused: \(sql.prefix(200)): \(String(describing: error))")
            return
        }
        #expect(message.lowercased().contains(says.lowercased()))
    }

    private static let costly = [
        "with recursive r (n) as (select 1 union all select n + 1 from r) select arn, 'pass' as status, (select count(*) from r) as reason from aws_bucket",
        "with recursive r (n) as (select 1 union all select n + 1 from r) select b.arn, 'pass' as status, '' as reason from aws_bucket b, r",
        "with recursive r (t) as (select 'x' union all select t || t from r) select arn, 'pass' as status, (select max(length(t)) from r) as reason from aws_bucket",
        "with recursive r (n, t) as (select 1, hex(hex(hex(hex('x')))) union all select n + 1, replace(t, '3', t) from r where n < 9) select arn, 'pass' as status, (select max(t) from r) as reason from aws_bucket",
        "with recursive r (n) as (select 1 union all select n + 1 from r where n < 3000) select arn, 'pass' as status, (select count(*) from r a, r b, r c) as reason from aws_bucket",
        "with recursive r (n) as (select 1 union all select n + 1 from r where n < 3000) select arn, 'pass' as status, (select t from (select printf as t from (select hex(a.n || b.n || replace(hex(replace(quote(a.n), '1', '11111111111111111111')), '3', '333333333333333333333')) as printf from r a, r b) order by 1 limit 1)) as reason from aws_bucket",
        "with recursive r (n) as (select 1 union all select n + 1 from r where n < 3000) select arn, 'pass' as status, (select json_group_array(a.n || b.n) from r a, r b) as reason from aws_bucket",
    ]

    @Test(arguments: costly.indices)
    func `a control that takes too much is stopped`(index: Int) throws {
        let fixture = try EvaluationFixture(assets: [.init("aws_bucket", arn: "a")], schema: SmallSchema.make())
        let error = #expect(throws: EvaluationError.self) {
            try fixture.evaluate(
                sql: Self.costly[index], resourceType: "aws_bucket",
                limits: EvaluationLimits(steps: 5_000_000, time: .seconds(20)))
        }
        guard case .limit = error else {
            Issue.record("not stopped by a limit: \(String(describing: error))")
            return
        }
    }

    @Test(arguments: [
        ("select 'nobody' as arn, 'pass' as status, '' as reason from aws_bucket", "no asset of its resource type"),
        ("select arn, 'ok' as status, '' as reason from aws_bucket", "must be pass, fail or unknown"),
        ("select arn, null as status, '' as reason from aws_bucket", "must be pass, fail or unknown"),
        ("select arn, 'pass' as status, json_extract('{', '$') as reason from aws_bucket", "malformed JSON"),
    ])
    func `an answer that is no verdict is an error of the control`(sql: String, says: String) throws {
        let fixture = try EvaluationFixture(assets: [.init("aws_bucket", arn: "a")], schema: SmallSchema.make())
        let error = #expect(throws: EvaluationError.self) {
            try fixture.evaluate(sql: sql, resourceType: "aws_bucket")
        }
        #expect(error?.description.contains(says) == true)
    }

    @Test func `of several rows for an asset the gravest counts`() throws {
        let fixture = try EvaluationFixture(assets: [.init("aws_bucket", arn: "a")], schema: SmallSchema.make())
        let sql = """
            select b.arn, s.value as status, s.value as reason
            from aws_bucket b, json_each('["pass", "unknown", "fail", "pass", "unknown"]') s
            """
        #expect(
            try fixture.evaluate(sql: sql, resourceType: "aws_bucket").verdicts
                == [Verdict(arn: "a", status: .fail, reason: "fail")])
    }

    @Test func `a control is told the time of the assessment, and no other`() throws {
        let schema = try SmallSchema.make()
        let fixture = try EvaluationFixture(
            assets: [.init("aws_bucket", arn: "a")], time: "2026-01-02T03:04:05Z", schema: schema)
        let sql = "select arn, 'pass' as status, assessed_at() as reason from aws_bucket"
        #expect(
            try fixture.evaluate(sql: sql, resourceType: "aws_bucket").verdicts.map(\.reason) == [
                "2026-01-02T03:04:05Z"
            ])
        #expect(try ControlChecker(schema).program(sql: sql, resourceType: "aws_bucket").usesTime)
    }

    @Test func `the tables that a control reads come from its bytecode`() throws {
        let checker = try ControlChecker(SmallSchema.make())
        let sql = """
            select g.arn, 'pass' as status, '' as reason from aws_group g
            where exists (select * from aws_group_rule r where r.arn = g.arn)
              and (select count(*) from aws_instance) > 0
            """
        let program = try checker.program(sql: sql + " ; -- end", resourceType: "aws_group")
        #expect(program.tables == ["aws_group", "aws_group_rule", "aws_instance"])
        #expect(program.isRowWise)
        #expect(!program.usesTime)
    }
}
