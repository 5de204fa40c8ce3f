import API
import Platform
import Storage
import Wire

/// An assessment as it is stored.
struct AssessmentRecord: Sendable, Equatable {
    var key: Int64
    var id: String
    var accountID: String
    var syncID: String
    var state: AssessmentState
    var created: WallTime
    var ended: WallTime?
    var controlsTotal = 0
    var controlsDone = 0
    var controlsFailed = 0
    var passed: Int64 = 0
    var failed: Int64 = 0
    var unknown: Int64 = 0
    var alerts = AlertLedger.Counts()
    var open: Int64 = 0
    var problem = ""
    var change: Int64 = 0

    var hasEnded: Bool { state != .queued && state != .running }

    static let columns = """
        a.key, a.id, account.id, a.sync, a.state, a.created, a.ended, a.controls_total, a.controls_done,
        a.controls_failed, a.passed, a.failed, a.unknown, a.opened, a.reopened, a.resolved, a.open, a.problem, a.change
        """
    static let source = "assessment a JOIN account ON account.key = a.account"

    init(_ row: borrowing Row) {
        key = row.int(0)
        id = row.text(1)
        accountID = row.text(2)
        syncID = row.text(3)
        state = AssessmentState(rawValue: Int32(clamping: row.int(4))) ?? .unspecified
        created = WallTime(unixMilliseconds: row.int(5))
        ended = row.optionalInt(6).map { WallTime(unixMilliseconds: $0) }
        controlsTotal = Int(row.int(7))
        controlsDone = Int(row.int(8))
        controlsFailed = Int(row.int(9))
        (passed, failed, unknown) = (row.int(10), row.int(11), row.int(12))
        alerts = AlertLedger.Counts(opened: row.int(13), reopened: row.int(14), resolved: row.int(15))
        open = row.int(16)
        problem = row.text(17)
        change = row.int(18)
    }

    var message: Assessment {
        var message = Assessment()
        message.id = id
        message.accountId = accountID
        message.syncId = syncID
        message.state = state
        message.createTime = Timestamp(created)
        message.endTime = ended.map { Timestamp($0) }
        message.controlsTotal = Int32(clamping: controlsTotal)
        message.controlsDone = Int32(clamping: controlsDone)
        message.controlsFailed = Int32(clamping: controlsFailed)
        message.passed = passed
        message.failed = failed
        message.unknown = unknown
        message.alertsOpened = alerts.opened
        message.alertsReopened = alerts.reopened
        message.alertsResolved = alerts.resolved
        message.alertsOpen = open
        message.problem = problem
        message.change = change
        return message
    }
}

extension Timestamp {
    init(_ time: WallTime) { self.init(unixNanoseconds: time.unixNanoseconds) }

    init(unixMilliseconds: Int64) { self.init(WallTime(unixMilliseconds: unixMilliseconds)) }
}
