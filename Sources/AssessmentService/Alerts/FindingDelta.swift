/// How a verdict differs from the one stored.
struct FindingDelta: Sendable, Equatable {
    /// The control's key in the store.
    var control: Int64
    var type: String
    var arn: String
    /// Empty for what is gone: the store knows it.
    var region: String
    /// nil: there was none.
    var old: Verdict.Status?
    /// nil: there is none any more.
    var new: Verdict.Status?
    var reason = ""
    /// Why there is none any more, where that is not the control's own doing.
    var disappearance: Disappearance?

    enum Disappearance: String, Sendable {
        case asset = "asset removed"
        case control = "control removed"
    }

    /// The word for an alert that this resolves.
    var resolution: String { disappearance?.rawValue ?? (new == .pass ? "passes" : "not applicable") }
}

/// A verdict as it is stored.
struct StoredVerdict: Sendable, Equatable {
    var status: Verdict.Status
    var reason: String
}

/// An asset as the replica has it now.
struct PresentAsset: Sendable, Equatable {
    var arn: String
    var region: String
}

/// Finds what one control's new verdicts change.
struct FindingDiff {
    let control: Int64
    let type: String
    let stored: [String: StoredVerdict]
    /// The type's assets, by ARN their regions.
    let present: [String: String]

    /// - Returns: In no particular order; empty when nothing changed.
    func deltas(_ outcome: ControlOutcome) -> [FindingDelta] {
        var deltas: [FindingDelta] = []
        var left = stored
        for verdict in outcome.verdicts {
            let old = left.removeValue(forKey: verdict.arn)
            note(verdict, old, &deltas)
        }
        for (arn, old) in left {
            if let reason = outcome.silentStale[arn] {
                note(Verdict(arn: arn, status: .unknown, reason: reason), old, &deltas)
            } else {
                deltas.append(gone(arn, old))
            }
        }
        return deltas
    }

    /// When the control could not be evaluated: what is stored stays, but for assets that are gone.
    ///
    /// - Parameter problem: Given where assets without a verdict become unknown for it.
    func deltasOfFailure(_ problem: String?) -> [FindingDelta] {
        var deltas = stored.filter { present[$0.key] == nil }.map { gone($0.key, $0.value) }
        guard let problem else { return deltas }
        for arn in present.keys where stored[arn] == nil {
            note(Verdict(arn: arn, status: .unknown, reason: problem), nil, &deltas)
        }
        return deltas
    }

    private func note(_ verdict: Verdict, _ old: StoredVerdict?, _ deltas: inout [FindingDelta]) {
        if let old, old.status == verdict.status, old.reason == verdict.reason { return }
        deltas.append(
            FindingDelta(
                control: control, type: type, arn: verdict.arn, region: present[verdict.arn] ?? "", old: old?.status,
                new: verdict.status, reason: verdict.reason))
    }

    private func gone(_ arn: String, _ old: StoredVerdict) -> FindingDelta {
        FindingDelta(
            control: control, type: type, arn: arn, region: "", old: old.status, new: nil,
            disappearance: present[arn] == nil ? .asset : nil)
    }
}
