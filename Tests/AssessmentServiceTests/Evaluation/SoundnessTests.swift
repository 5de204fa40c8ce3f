import Testing

@testable import AssessmentService

/// A verdict that is given must be the same however the hidden part may be. Judged by trying many ways it may be.
struct SoundnessTests {
    /// By resource type, ordinary and hostile ones.
    private static let controls: [(type: String, sql: String)] = [
        (
            "aws_bucket",
            "select arn, case when versioning = 'Enabled' then 'pass' else 'fail' end as status, '' as reason from aws_bucket"
        ),
        (
            "aws_bucket",
            "select b.arn, case when coalesce(public, 0) = 0 or exists (select 1 from aws_settings s where s.block) then 'pass' else 'fail' end as status, '' as reason from aws_bucket b"
        ),
        (
            "aws_bucket",
            "select b.arn, case when b.target is null then 'fail' when exists (select 1 from aws_bucket t where t.title = b.target) then 'pass' else 'unknown' end as status, '' as reason from aws_bucket b"
        ),
        (
            "aws_bucket",
            "select arn, 'fail' as status, '' as reason from aws_bucket where public = 1 and versioning is null"
        ),
        (
            "aws_bucket",
            "select b.arn, case when (select max(b.versioning)) = 'Enabled' then 'pass' else 'fail' end as status, '' as reason from aws_bucket b"
        ),
        (
            "aws_bucket",
            "select arn, case when rank() over (order by coalesce(versioning, ''), arn) = 1 then 'pass' else 'fail' end as status, '' as reason from aws_bucket"
        ),
        (
            "aws_bucket",
            "select arn, 'pass' as status, '' as reason from aws_bucket where public = 0 union select arn, 'fail' as status, '' as reason from aws_bucket where versioning is null"
        ),
        (
            "aws_bucket",
            "select arn, 'fail' as status, '' as reason from aws_bucket where coalesce(public, 1) = 1 order by coalesce(target, ''), arn limit 1"
        ),
        (
            "aws_bucket",
            "with t as (select title, count(*) as n, sum(public) as p from aws_bucket group by title) select b.arn, iif(t.p > 0, 'fail', 'pass') as status, '' as reason from aws_bucket b join t on t.title = b.title"
        ),
        (
            "aws_bucket",
            "select t.arn, iif(b.public, 'fail', 'pass') as status, '' as reason from aws_bucket b join aws_bucket t on t.title = b.target"
        ),
        (
            "aws_bucket",
            "select x.arn, iif(x.versioning = 'Enabled', 'pass', 'fail') as status, '' as reason from (select * from aws_bucket) x"
        ),
        (
            "aws_bucket",
            "select b.arn, iif(b.versioning not in (select versioning from aws_bucket where public = 1), 'pass', 'fail') as status, '' as reason from aws_bucket b"
        ),
        (
            "aws_group",
            "select g.arn, iif(exists (select 1 from aws_instance i where i.region = g.region and i.group_id = g.group_id), 'pass', 'fail') as status, '' as reason from aws_group g"
        ),
        (
            "aws_group",
            "select g.arn, iif(g.group_id not in (select group_id from aws_instance), 'fail', 'pass') as status, '' as reason from aws_group g"
        ),
        (
            "aws_group",
            "select g.arn, iif(exists (select 1 from aws_group_rule r where r.arn = g.arn and r.open and r.port = 22), 'fail', 'pass') as status, '' as reason from aws_group g"
        ),
        (
            "aws_group",
            "select g.arn, iif((select count(*) from aws_group_rule r where r.arn = g.arn) > (select count(*) from aws_settings where block), 'fail', 'pass') as status, '' as reason from aws_group g"
        ),
        (
            "aws_group",
            "select g.arn, iif(max(r.open), 'fail', 'pass') as status, '' as reason from aws_group g left join aws_group_rule r on r.arn = g.arn group by g.arn having count(*) > 0"
        ),
        (
            "aws_group",
            "select g.arn, iif(r.open, 'fail', 'pass') as status, '' as reason from aws_group g left join aws_group_rule r on r.arn = g.arn"
        ),
        (
            "aws_group",
            "select g.arn, iif(i.protected, 'pass', 'fail') as status, '' as reason from aws_instance i right join aws_group g on g.group_id = i.group_id"
        ),
        (
            "aws_group",
            "select g.arn, 'fail' as status, '' as reason from aws_group g where g.arn = 'aws_group/4' or g.group_id in (select group_id from aws_instance where protected = 0) or g.vpc_id = 'v1'"
        ),
        (
            "aws_group",
            "with recursive w (n, id) as (select 0, '0' union all select n + 1, (select min(group_id) from aws_instance i where i.group_id > w.id) from w where n < 3 and id is not null) select arn, iif(group_id in (select id from w), 'pass', 'fail') as status, '' as reason from aws_group"
        ),
        (
            "aws_instance",
            "select i.arn, iif(i.protected, 'pass', 'fail') as status, '' as reason from aws_instance i join aws_group g on g.group_id = i.group_id and g.region = i.region where i.state = 'on'"
        ),
        (
            "aws_instance",
            "select i.arn, iif((select count(*) from aws_instance j where j.region = i.region and j.protected = 1) > 1, 'pass', 'fail') as status, '' as reason from aws_instance i"
        ),
        (
            "aws_instance",
            "select i.arn, iif(1 in (select r.open from aws_group_rule r join aws_group g on g.arn = r.arn where g.group_id = i.group_id), 'fail', 'pass') as status, '' as reason from aws_instance i"
        ),
        (
            "aws_instance",
            "select i.arn, iif((select group_concat(title) from aws_bucket where public) is null, 'pass', 'fail') as status, '' as reason from aws_instance i where i.protected is not null"
        ),
        (
            "aws_group",
            "select g.arn, iif(exists (select 1 from aws_instance), 'pass', 'fail') as status, '' as reason from aws_group g"
        ),
        (
            "aws_group",
            "select g.arn, iif((select count(*) from aws_group) > 2, 'pass', 'fail') as status, '' as reason from aws_group g"
        ),
        (
            "aws_settings",
            "select s.arn, iif(s.block or not exists (select 1 from aws_bucket where public), 'pass', 'fail') as status, '' as reason from aws_settings s"
        ),
    ]

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `no verdict is given that the hidden part could change`(seed: UInt64) throws {
        let schema = try SmallSchema.make()
        let checker = try ControlChecker(schema)
        let programs = try Self.controls.map { try checker.program(sql: $0.sql, resourceType: $0.type) }
        var random = SplitMix(seed: seed)
        var (given, unknown) = (0, 0)
        for round in 0..<10 {
            var account = RandomAccount(&random)
            account.hide(&random)
            let seen = try account.fixture(schema)
            // An aggregate over no rows answers for NULL, which is refused: nothing to compare then.
            let outcomes = programs.map { try? seen.evaluate($0) }
            let fresh = account.rows.filter { !$0.isStale }
            for outcome in outcomes.compactMap(\.self) {
                given += outcome.verdicts.count { $0.status != .unknown }
                unknown += outcome.verdicts.count { $0.status == .unknown }
            }
            for completion in 0..<10 {
                let whole = try account.completed(&random).fixture(schema)
                for (index, program) in programs.enumerated() {
                    guard let outcome = outcomes[index], let truth = try? whole.evaluate(program) else { continue }
                    for row in fresh where row.type == program.resourceType {
                        let said = outcome.verdicts.first { $0.arn == row.arn }
                        let real = truth.verdicts.first { $0.arn == row.arn }
                        if said?.status == .unknown || said?.status == real?.status { continue }
                        Issue.record(
                            """
                            seed \(seed), round \(round), completion \(completion): \(row.arn) is \
                            \(said.map { "\($0.status)" } ?? "nothing"), and could be \
                            \(real.map { "\($0.status)" } ?? "nothing"): \(program.sql)
                            """)
                    }
                }
            }
        }
        // Saying unknown to everything would be sound, and useless.
        #expect(given > unknown)
    }
}
