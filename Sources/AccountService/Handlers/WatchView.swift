import API
import RPC
import Wire

/// What a watcher is told, decided from what was seen at one moment. Performs no I/O.
struct WatchView: Equatable, Sendable {
    /// What another service said, or that it could not be asked.
    enum Sighting<Value: Equatable & Sendable>: Equatable, Sendable {
        case seen(Value)
        /// With the status's name: a message that differs with each attempt would be news at each look.
        case unreachable(String)
    }

    let account: ManagedAccount
    /// What is owed to the other services and not delivered.
    let owed: Set<Command>
    /// The account's run; nil before the first.
    let run: Sighting<RunStatus?>
    /// Asked for once the run has ended; nil before.
    var posture: Sighting<PostureCounts>?

    var phase: AccountPhase {
        guard case .seen(let run) = run else { return owed.contains(.startSync) ? .waiting : .idle }
        switch run?.state {
        case .running: return .syncing
        case .queued, .interrupted: return .waiting
        default: break
        }
        if owed.contains(.startSync) { return .waiting }
        switch run?.assessment {
        case .pending, .running: return .assessing
        default: return .idle
        }
    }

    /// Nothing runs and nothing is owed. What cannot be asked may be running.
    var isDone: Bool {
        guard case .seen = run else { return false }
        return owed.isEmpty && phase == .idle
    }

    var problem: String {
        var problems: [String] = []
        switch run {
        case .unreachable(let why): problems.append("the sync service cannot be reached (\(why))")
        case .seen(let run?): problems += Self.problem(of: run).map { [$0] } ?? []
        case .seen(nil): break
        }
        if case .unreachable(let why) = posture {
            problems.append("the assessment service cannot be reached (\(why))")
        }
        return problems.joined(separator: "; ")
    }

    private static func problem(of run: RunStatus) -> String? {
        let why = run.problem.isEmpty ? "" : ": \(run.problem)"
        switch run.state {
        case .queued, .running, .succeeded: return nil
        case .partial: return "the sync could not read \(run.scopesWithGaps) of \(run.scopesTotal) scopes\(why)"
        case .failed: return "the sync failed\(why)"
        case .cancelled: return "the sync was cancelled\(why)"
        case .interrupted: return "the sync was interrupted and goes on once the sync service is back\(why)"
        }
    }

    var message: WatchAccountResponse {
        .with {
            $0.account = Account(account)
            $0.phase = phase
            if case .seen(let run?) = run {
                $0.syncId = run.id
                $0.scopesTotal = run.scopesTotal
                $0.scopesDone = run.scopesDone
                $0.scopesWithGaps = run.scopesWithGaps
                $0.assets = run.assets
                $0.assessmentId = run.assessmentID
            }
            if isDone, case .seen(let counts) = posture {
                $0.openAlerts = counts.openAlerts
                $0.unknownFindings = counts.unknownFindings
            }
            $0.problem = problem
            $0.done = isDone
        }
    }
}
