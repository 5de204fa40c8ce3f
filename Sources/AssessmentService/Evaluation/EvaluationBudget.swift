import CSQLite

/// How much one control may cost. The defaults leave the costliest sensible control a factor of twenty.
struct EvaluationLimits: Sendable {
    /// Steps of SQLite's virtual machine, whatever the account's size.
    var steps: Int64 = 20_000_000
    /// Steps more for each asset that is judged.
    var stepsPerAsset: Int64 = 1_000
    /// Time by the clock.
    var time: Duration = .seconds(60)
    /// What SQLite may take beyond what it holds when the control begins.
    var memoryBytes: Int64 = 64 << 20
    /// Rows that it may emit for each asset, and some more.
    var rowsPerAsset = 4
    /// Length of one value.
    var valueBytes: Int32 = 256 << 10
}

/// Counts what a control costs, asked by SQLite every thousand steps.
final class EvaluationBudget {
    static let stride: Int32 = 1_000
    private var stepsLeft: Int64 = .max
    private var deadline = ContinuousClock.now
    private var memoryLimit: Int64 = .max
    private var timeLimit = Duration.zero
    /// The limit that was passed, for a person; nil while none was.
    private(set) var exceeded: String?

    func install(on handle: SQLiteHandle) {
        sqlite3_progress_handler(
            handle.pointer, Self.stride, continueEvaluation, Unmanaged.passUnretained(self).toOpaque())
    }

    func begin(_ limits: EvaluationLimits, assets: Int) {
        exceeded = nil
        stepsLeft = limits.steps + limits.stepsPerAsset * Int64(assets)
        timeLimit = limits.time
        deadline = .now + limits.time
        memoryLimit = sqlite3_memory_used() + limits.memoryBytes
    }

    /// The engine's own statements are not counted.
    func end() { (stepsLeft, memoryLimit, deadline) = (.max, .max, .now + .seconds(86_400)) }

    fileprivate func mayGoOn() -> Bool {
        stepsLeft -= Int64(Self.stride)
        if stepsLeft < 0 {
            exceeded = "it takes more steps than a control may"
        } else if sqlite3_memory_used() > memoryLimit {
            exceeded = "it takes more memory than a control may"
        } else if stepsLeft & 0xf == 0, ContinuousClock.now > deadline {
            exceeded = "it takes longer than \(timeLimit.components.seconds) seconds"
        }
        return exceeded == nil
    }
}

private func continueEvaluation(_ context: UnsafeMutableRawPointer?) -> Int32 {
    guard let context else { return 1 }
    return Unmanaged<EvaluationBudget>.fromOpaque(context).takeUnretainedValue().mayGoOn() ? 0 : 1
}
