import Testing

@testable import AssessmentService

/// Every control of `share/parapet/controls`, on the real engine and the catalogue's tables.
@Suite struct ShippedControlsTests {
    @Test(arguments: ControlFixture.controls)
    func `a control says of small accounts what its fixture expects`(control: String) throws {
        let fixture = try ControlFixture(named: control)
        let text = try ControlFixture.text(of: control)
        for example in fixture.cases {
            let account = try EvaluationFixture(
                assets: example.assets, unread: example.unread, time: fixture.time, schema: ControlFixture.schema.get())
            let verdicts = try account.evaluate(control: text)
            let found = verdicts.map {
                ControlFixture.Expectation(
                    arn: $0.arn, status: $0.status, reason: $0.status == .unknown ? nil : $0.reason)
            }
            #expect(found == example.expected, "\(control): \(example.name)")
        }
    }

    @Test(arguments: ControlFixture.controls)
    func `a fixture shows its control pass, fail and stay unknown when its inputs were denied`(control: String) throws {
        let fixture = try ControlFixture(named: control)
        #expect(fixture.control == control)
        #expect(fixture.statuses == [.pass, .fail, .unknown])
        let denied = fixture.cases.filter(\.isDenied)
        #expect(!denied.isEmpty)
        #expect(denied.allSatisfy { !$0.expected.isEmpty && $0.expected.allSatisfy { $0.status == .unknown } })
        let reasons = fixture.cases.flatMap(\.expected).filter { $0.status == .fail }.map { $0.reason ?? "" }
        #expect(reasons.allSatisfy { $0.contains("should") }, "a failure says what should be instead")
    }

    @Test func `every fixture belongs to a control`() {
        #expect(ControlFixture.fixtures == ControlFixture.controls)
        #expect(ControlFixture.controls.count >= 30)
    }

    @Test(arguments: ControlFixture.controls)
    func `a control's tables and columns exist and it is judged asset by asset`(control: String) throws {
        let definition = try ControlFile.definition(name: control + ".sql", text: ControlFixture.text(of: control))
        let program = try ControlChecker(ControlFixture.schema.get()).program(
            sql: definition.sql, resourceType: definition.resourceType)
        #expect(program.isRowWise || Self.readsItsTypeTwice.contains(control))
    }

    /// Controls that look from one asset at others of the same type.
    private static let readsItsTypeTwice: Set = [
        "cloudwatch_alarm_has_alarm_action", "s3_bucket_access_logging_is_enabled",
        "s3_bucket_is_replicated_across_regions",
    ]
}
