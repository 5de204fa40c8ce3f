import API
import Platform
import Wire

/// How an account, or all of them, stand: counts, and what follows of them.
struct Posture: Sendable, Equatable {
    struct Counts: Sendable, Equatable {
        var passed: Int64 = 0
        var failed: Int64 = 0
        var unknown: Int64 = 0
        var exempt: Int64 = 0
        var openAlerts: Int64 = 0
    }

    /// By severity.
    private(set) var severities: [ControlSeverity: Counts] = [:]
    var assessed: WallTime?
    var assessmentID = ""

    mutating func add(_ severity: Int, _ status: Int, _ count: Int64) {
        guard let severity = ControlSeverity(rawValue: severity) else { return }
        switch status {
        case 1: severities[severity, default: Counts()].passed += count
        case 2: severities[severity, default: Counts()].failed += count
        case 3: severities[severity, default: Counts()].unknown += count
        case 4: severities[severity, default: Counts()].exempt += count
        default: break
        }
    }

    mutating func addOpen(_ severity: Int, _ count: Int64) {
        guard let severity = ControlSeverity(rawValue: severity) else { return }
        severities[severity, default: Counts()].openAlerts += count
    }

    /// Passing share of passes and failures, weighted; -1 when there is neither. An exempted failure is neither.
    var scorePercent: Double {
        let passed = weighted { $0.passed }
        let decided = weighted { $0.passed + $0.failed }
        return decided == 0 ? -1 : 100 * Double(passed) / Double(decided)
    }

    /// Share of verdicts that are not unknown; -1 when there is no verdict.
    var evidencePercent: Double {
        let given = severities.values.reduce(0) { $0 + $1.passed + $1.failed + $1.exempt }
        let all = severities.values.reduce(given) { $0 + $1.unknown }
        return all == 0 ? -1 : 100 * Double(given) / Double(all)
    }

    private func weighted(_ count: (Counts) -> Int64) -> Int64 {
        severities.reduce(0) { $0 + $1.key.weight * count($1.value) }
    }

    var message: GetPostureResponse {
        var response = GetPostureResponse()
        response.severities = severities.sorted { $0.key.rawValue > $1.key.rawValue }.map { severity, counts in
            var entry = SeverityPosture()
            entry.severity = Severity(rawValue: Int32(severity.rawValue)) ?? .unspecified
            entry.passed = counts.passed
            entry.failed = counts.failed
            entry.unknown = counts.unknown
            entry.exempt = counts.exempt
            entry.openAlerts = counts.openAlerts
            return entry
        }
        response.scorePercent = scorePercent
        response.evidencePercent = evidencePercent
        response.openAlerts = severities.values.reduce(0) { $0 + $1.openAlerts }
        response.assessTime = assessed.map { Timestamp($0) }
        response.assessmentId = assessmentID
        return response
    }
}

extension ControlSeverity {
    /// What a verdict counts in the score.
    var weight: Int64 {
        switch self {
        case .low: 1
        case .medium: 2
        case .high: 4
        case .critical: 8
        }
    }
}
