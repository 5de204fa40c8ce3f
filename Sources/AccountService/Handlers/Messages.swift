import API
import Platform
import Wire

/// Domain values as messages.
extension API.Account {
    init(_ account: ManagedAccount) {
        self = .with {
            $0.id = account.id.description
            $0.name = account.name.description
            $0.state = AccountState(account.state)
            $0.awsAccountId = account.connection.role?.awsAccountID ?? ""
            $0.partition = account.connection.role?.partition ?? ""
            $0.roleArn = account.connection.role?.description ?? ""
            $0.regions = RegionSelection(account.regions)
            $0.schedule = SyncSchedule(account.schedule)
            $0.revision = account.connection.revision
            $0.candidate = account.candidate.map(ConnectionCandidate.init)
            $0.lastTest = account.lastTest.map(ConnectionTest.init)
            $0.createTime = Timestamp(account.created)
            $0.updateTime = Timestamp(account.updated)
        }
    }
}

extension AccountState {
    init(_ state: Lifecycle.State) {
        switch state {
        case .draft: self = .draft
        case .enabled: self = .enabled
        case .disabling: self = .disabling
        case .disabled: self = .disabled
        case .deleting: self = .deleting
        }
    }

    /// Nil for unspecified.
    var domain: Lifecycle.State? {
        switch self {
        case .unspecified: nil
        case .draft: .draft
        case .enabled: .enabled
        case .disabling: .disabling
        case .disabled: .disabled
        case .deleting: .deleting
        }
    }
}

extension RegionSelection {
    init(_ choice: RegionChoice) {
        self.init()
        switch choice {
        case .all: all = true
        case .only(let regions): names = regions
        }
    }
}

extension SyncSchedule {
    init(_ schedule: Schedule) {
        self = .with {
            $0.everyHours = schedule.everyHours
            $0.off = schedule.off
        }
    }
}

extension ConnectionCandidate {
    init(_ candidate: CandidateConnection) {
        self = .with {
            $0.revision = candidate.revision
            $0.roleArn = candidate.role.description
            $0.externalIdChanged = candidate.externalIDChanged
        }
    }
}

extension ConnectionTest {
    init(_ report: TestReport) {
        self = .with {
            $0.passed = report.passed
            $0.checks = report.checks.map { check in
                .with {
                    $0.name = check.name
                    $0.outcome = CheckOutcome(check.outcome)
                    $0.message = check.message
                }
            }
            $0.awsAccountId = report.awsAccountID
            $0.principalArn = report.principal
            $0.time = Timestamp(report.time)
            $0.revision = report.revision
        }
    }
}

extension CheckOutcome {
    init(_ outcome: TestReport.Outcome) {
        switch outcome {
        case .passed: self = .passed
        case .warning: self = .warning
        case .failed: self = .failed
        case .unknown: self = .unknown
        }
    }
}

extension Timestamp {
    init(_ time: WallTime) { self.init(unixNanoseconds: time.unixNanoseconds) }
}
