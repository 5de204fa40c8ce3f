import API
import RPC
import ServiceKit
import Storage

/// Carries out one run from its turn to its end.
struct RunExecutor: Sendable {
    let context: EngineContext
    let control: RunControl

    /// How the work of a run came out.
    enum Outcome: Sendable, Equatable {
        case ended(RunState, problem: String)
        /// The service stops: the run goes on when it starts again.
        case interrupted
    }

    private enum Step: Sendable {
        case stopRequested
        case worked(Outcome)
        case nothing
    }

    /// Runs to the end; whatever happens is in the run's row afterwards. False: the store refused to have it written, and
    /// the run is where it was.
    @discardableResult
    func execute() async -> Bool {
        let store = context.store
        do throws(StorageError) {
            guard let run = try await store.begin(run: control.runID) else { return true }
            context.events.notify(run.id)
            context.logger.info("sync begins", ["sync": "\(run.id)", "account": "\(run.accountID)"])
            let outcome = await supervise(run)
            try await store.addUsage(run: run.key, RunUsage.all(of: control.meter))
            switch outcome {
            case .interrupted: try await store.interrupt(run: run.id)
            case .ended(let state, let problem): try await end(run, state, problem)
            }
            context.events.notify(control.runID)
            return true
        } catch {
            context.logger.error("sync could not be recorded", ["sync": "\(control.runID)", "error": "\(error)"])
            context.events.notify(control.runID)
            return false
        }
    }

    /// Does the work until it is done or somebody asks the run to stop.
    private func supervise(_ run: StoredRun) async -> Outcome {
        await withTaskGroup(of: Step.self) { group in
            group.addTask {
                await control.waitForStop()
                return Task.isCancelled ? .nothing : .stopRequested
            }
            group.addTask {
                await withTaskExecutorPreference(context.executor) {
                    await AWSMeter.$ofRun.withValue(control.meter) {
                        .worked(await RunWork(context: context, control: control, run: run).work())
                    }
                }
            }
            group.addTask {
                // Whoever watches sees how calls go while no scope ends.
                while !Task.isCancelled {
                    do throws(CancellationError) { try await context.sleep(.seconds(1)) } catch { break }
                    context.events.notify(run.id)
                }
                return .nothing
            }
            var outcome = Outcome.interrupted
            for await step in group {
                if case .worked(let ended) = step { outcome = ended }
                group.cancelAll()
            }
            return stopped(outcome)
        }
    }

    /// A run that was stopped ends so, however far its work came.
    private func stopped(_ outcome: Outcome) -> Outcome {
        switch control.reason {
        case nil: return outcome
        case .cancelled(let text), .forbidden(let text):
            // What completed before the wish came stays completed.
            if case .ended(let state, _) = outcome, state == .succeeded || state == .partial { return outcome }
            return .ended(.cancelled, problem: text)
        case .leaseLost(let text): return .ended(.failed, problem: text)
        }
    }

    private func end(
        _ run: StoredRun, _ state: RunState, _ problem: String
    ) async throws(StorageError) {
        let isForbidden = if case .forbidden = control.reason { true } else { false }
        let ended = try await context.store.end(
            run: run.id, state, problem: problem, command: isForbidden ? nil : context.assess)
        guard let ended else { return }
        context.logger.info(
            "sync ended",
            [
                "sync": "\(run.id)", "account": "\(run.accountID)", "state": "\(state)",
                "calls": "\(ended.counts.apiCalls)", "changed": "\(ended.counts.assetsChanged)",
            ])
    }
}
