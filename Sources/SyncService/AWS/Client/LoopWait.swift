import EventLoop
import Synchronization

/// One wait on a loop's own timers: thousands of them at once take part in no other thread's work.
final class LoopWait: Sendable {
    private struct State {
        var continuation: CheckedContinuation<Bool, Never>?
        var timer: TimerID?
        var isOver = false
    }

    private let loop: EventLoop
    private let state = Mutex(State())

    private init(_ loop: EventLoop) { self.loop = loop }

    /// Waits so long, or until the task is cancelled.
    static func sleep(_ duration: Duration, on loop: EventLoop) async throws(CancellationError) {
        let wait = LoopWait(loop)
        let isWhole = await withTaskCancellationHandler {
            await withCheckedContinuation { wait.begin(duration, $0) }
        } onCancel: {
            wait.end(isWhole: false)
        }
        if !isWhole { throw CancellationError() }
    }

    private func begin(_ duration: Duration, _ continuation: CheckedContinuation<Bool, Never>) {
        let isOver = state.withLock { state in
            if !state.isOver { state.continuation = continuation }
            return state.isOver
        }
        if isOver { return continuation.resume(returning: false) }
        if loop.isCurrent { setTimer(duration) } else { loop.execute { self.setTimer(duration) } }
    }

    private func setTimer(_ duration: Duration) {
        guard state.withLock({ !$0.isOver }) else { return }
        let timer = loop.schedule(after: duration) { self.end(isWhole: true) }
        state.withLock { $0.timer = timer }
    }

    private func end(isWhole: Bool) {
        let (continuation, timer) = state.withLock { state in
            defer { state = State(isOver: true) }
            return (state.continuation, state.timer)
        }
        if !isWhole, let timer { loop.execute { self.loop.cancel(timer) } }
        continuation?.resume(returning: isWhole)
    }
}
