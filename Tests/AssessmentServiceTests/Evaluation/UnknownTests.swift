import Testing

@testable import AssessmentService

struct UnknownTests {
    private static let versioning = """
        select arn, case when versioning = 'Enabled' then 'pass' else 'fail' end as status,
          coalesce(versioning, 'off') as reason from aws_bucket
        """

    @Test func `a denied call makes unknown the asset that it is about, and no other`() throws {
        let fixture = try EvaluationFixture(
            assets: [
                .init("aws_bucket", arn: "a", configuration: #"{"GetVersioning":{"versioning":"Enabled"}}"#),
                .init("aws_bucket", arn: "b", gaps: ["GetVersioning"]),
                .init("aws_bucket", arn: "c", configuration: #"{"GetVersioning":{}}"#, gaps: ["GetStatus"]),
            ], schema: SmallSchema.make())
        let verdicts = try fixture.evaluate(sql: Self.versioning, resourceType: "aws_bucket").verdicts
        #expect(
            verdicts == [
                Verdict(arn: "a", status: .pass, reason: "Enabled"),
                Verdict(arn: "b", status: .unknown, reason: "GetVersioning: AccessDenied: not allowed"),
                Verdict(arn: "c", status: .fail, reason: "off"),
            ])
    }

    @Test func `a hidden value that decides whether the control applies makes the asset unknown`() throws {
        let fixture = try EvaluationFixture(
            assets: [
                .init("aws_bucket", arn: "a", gaps: ["GetStatus"]),
                .init("aws_bucket", arn: "b", configuration: #"{"GetStatus":{"public":false}}"#),
            ], schema: SmallSchema.make())
        let sql = "select arn, 'fail' as status, 'public' as reason from aws_bucket where public = 1"
        #expect(try fixture.evaluate(sql: sql, resourceType: "aws_bucket").verdicts.map(\.arn) == ["a"])
    }

    @Test func `an unread scope of another table makes unknown only what was looked for in it`() throws {
        let fixture = try EvaluationFixture(
            assets: [
                .init("aws_group", arn: "g1", region: "r1", configuration: #"{"group_id":"1"}"#),
                .init("aws_group", arn: "g2", region: "r2", configuration: #"{"group_id":"2"}"#),
                .init("aws_group", arn: "g3", region: "r1", configuration: #"{"group_id":"3"}"#),
                .init("aws_instance", arn: "i3", region: "r1", configuration: #"{"group_id":"3"}"#),
            ], unread: [.init("aws_instance", region: "r2", code: "ThrottlingException")], schema: SmallSchema.make())
        let sql = """
            select g.arn, case when exists (select 1 from aws_instance i where i.region = g.region and i.group_id = g.group_id)
              then 'pass' else 'fail' end as status, g.group_id as reason from aws_group g
            """
        #expect(
            try fixture.evaluate(sql: sql, resourceType: "aws_group").verdicts == [
                Verdict(arn: "g1", status: .fail, reason: "1"),
                Verdict(
                    arn: "g2", status: .unknown,
                    reason: "aws_instance in r2 was not read: ThrottlingException: not allowed"),
                Verdict(arn: "g3", status: .pass, reason: "3"),
            ])
    }

    @Test func `an unread region leaves the verdicts on groups of other regions, rules looked up by ARN included`()
        throws
    {
        let rules = #"{"group_id":"1","GetRules":{"rules":[{"port":22,"open":true}]}}"#
        let fixture = try EvaluationFixture(
            assets: [
                .init("aws_group", arn: "g1", region: "r1", configuration: rules),
                .init("aws_group", arn: "g2", region: "r1", configuration: "{}", gaps: ["GetRules"]),
                .init("aws_group", arn: "g3", region: "r2", configuration: rules, isStale: true),
            ], unread: [.init("aws_group", region: "r2")], schema: SmallSchema.make())
        let sql = """
            select g.arn, case when exists (select 1 from aws_group_rule r where r.arn = g.arn and r.open)
              then 'fail' else 'pass' end as status, '' as reason from aws_group g
            """
        let verdicts = try fixture.evaluate(sql: sql, resourceType: "aws_group").verdicts
        #expect(verdicts.map(\.status) == [.fail, .unknown, .unknown])
        #expect(verdicts[1].reason == "GetRules: AccessDenied: not allowed (g2)")
        #expect(verdicts[2].reason == "aws_group in r2 was not read: AccessDenied: not allowed")
    }

    @Test func `a stale asset on which the control is silent is named, so that an earlier finding can become unknown`()
        throws
    {
        let fixture = try EvaluationFixture(
            assets: [.init("aws_bucket", arn: "a", isStale: true)],
            unread: [.init("aws_bucket", region: "global")], schema: SmallSchema.make())
        let sql = "select arn, 'fail' as status, '' as reason from aws_bucket where public = 1"
        let outcome = try fixture.evaluate(sql: sql, resourceType: "aws_bucket")
        #expect(outcome.verdicts.isEmpty)
        #expect(outcome.silentStale == ["a": "aws_bucket in global was not read: AccessDenied: not allowed"])
    }

    @Test func `account-wide settings that were not read make unknown what asks for them`() throws {
        let fixture = try EvaluationFixture(
            assets: [
                .init("aws_bucket", arn: "a", configuration: #"{"GetStatus":{"public":true}}"#),
                .init("aws_bucket", arn: "b", configuration: #"{"GetStatus":{"public":false}}"#),
            ], unread: [.init("aws_settings", region: "global")], schema: SmallSchema.make())
        let sql = """
            select b.arn, case when b.public = 0 then 'pass'
              when exists (select 1 from aws_settings s where s.block = 1) then 'pass' else 'fail' end as status,
              '' as reason from aws_bucket b
            """
        #expect(try fixture.evaluate(sql: sql, resourceType: "aws_bucket").verdicts.map(\.status) == [.unknown, .pass])
    }

    @Test func `tags and regions that are there are known, whatever call failed`() throws {
        let fixture = try EvaluationFixture(
            assets: [
                .init("aws_bucket", arn: "a", region: "r1", tags: ["k": "v"], gaps: ["GetStatus"]),
                .init("aws_bucket", arn: "b", region: "r1", gaps: ["GetStatus"]),
                .init("aws_bucket", arn: "c", gaps: ["GetStatus"]),
                .init("aws_bucket", arn: "d"),
            ], schema: SmallSchema.make())
        let tags = "select arn, iif(tags ->> '$.k' = 'v', 'pass', 'fail') as status, '' as reason from aws_bucket"
        let region = "select arn, iif(region = 'r1', 'pass', 'fail') as status, '' as reason from aws_bucket"
        func statuses(_ sql: String) throws -> [Verdict.Status] {
            try fixture.evaluate(sql: sql, resourceType: "aws_bucket").verdicts.map(\.status)
        }
        #expect(try statuses(tags) == [.pass, .unknown, .unknown, .fail])
        #expect(try statuses(region) == [.pass, .pass, .unknown, .fail])
    }
}
