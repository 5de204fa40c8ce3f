import Platform
import Storage

/// Evaluates all controls of an assessment, those first of which something that they rest on has changed.
struct ControlRound: Sendable {
    let runner: AssessmentRunner
    let time: WallTime

    /// Counts in `record` as it goes.
    func evaluate(_ record: inout AssessmentRecord) async throws(AssessmentFailure) -> AssessmentResult {
        do {
            let controls = runner.registry.controls
            let keys = try await runner.store.register(controls)
            let known = try await runner.store.fingerprints(accountID: record.accountID)
            record.controlsTotal = controls.count
            var result = AssessmentResult(replicaPath: runner.worker.path(accountID: record.accountID))
            result.deltas = try await runner.store.deltasOfRemovedControls(
                accountID: record.accountID, except: Set(keys.values))
            var problems: [String] = []
            for control in controls {
                guard let key = keys[control.id] else { continue }
                let problem = try await evaluate(control, key, record.accountID, known[key], &result)
                record.controlsDone += 1
                if let problem {
                    record.controlsFailed += 1
                    problems.append("\(control.id): \(problem)")
                }
                runner.board.update(record)
            }
            record.problem = Self.summary(problems, of: controls.count)
            return result
        } catch let error as StorageError {
            throw .store(error)
        } catch {
            throw .failed("\(error)")
        }
    }

    /// - Returns: Why the control could not be evaluated; nil when it was, or needed not be.
    private func evaluate(
        _ control: ControlDefinition, _ key: Int64, _ accountID: String, _ known: String?,
        _ result: inout AssessmentResult
    ) async throws -> String? {
        let fingerprint = await runner.worker.fingerprint(control, day: String(time.rfc3339().prefix(10)))
        if let fingerprint, fingerprint == known { return nil }
        let present = try await runner.worker.present(control.resourceType)
        let diff = FindingDiff(
            control: key, type: control.resourceType,
            stored: try await runner.store.verdicts(accountID: accountID, control: key), present: present)
        do throws(EvaluationError) {
            let outcome = try await runner.worker.evaluate(control)
            result.deltas += diff.deltas(outcome)
            result.fingerprints[key] = fingerprint
            return nil
        } catch {
            if case .replica = error { throw error }
            // What is stored is no longer what an earlier evaluation said.
            result.fingerprints[key] = ""
            var reason: String?
            if case .limit = error { reason = "the control could not be evaluated: \(error)" }
            // Without a resource type nothing can be told of what is gone.
            if !control.resourceType.isEmpty { result.deltas += diff.deltasOfFailure(reason) }
            return error.description
        }
    }

    private static func summary(_ problems: [String], of total: Int) -> String {
        if problems.isEmpty { return "" }
        let shown = problems.prefix(5).joined(separator: "; ")
        let more = problems.count > 5 ? "; and \(problems.count - 5) more" : ""
        return "\(problems.count) of \(total) controls could not be evaluated: \(shown)\(more)"
    }
}
