import Glibc
import Synchronization

/// Hands values from a thread that may block to a task that may not: the thread waits while the channel is full.
///
/// `@unchecked Sendable`: the semaphore's pointer never changes, and `sem_post` and `sem_wait` are made for many threads;
/// all else is behind the mutex.
final class BlockingChannel<Element: Sendable>: @unchecked Sendable {
    private struct State {
        var queue: [Element] = []
        var waiter: CheckedContinuation<Element?, Never>?
        var isFinished = false
        var isCancelled = false
    }

    private let state = Mutex(State())
    private let space = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    /// - Parameter capacity: How many values may wait.
    init(capacity: Int) {
        sem_init(space, 0, UInt32(clamping: max(1, capacity)))
    }

    deinit {
        sem_destroy(space)
        space.deallocate()
    }

    /// Puts a value in; blocks the thread while the channel is full. False when nobody reads any more.
    func send(_ element: Element) -> Bool {
        while sem_wait(space) != 0 && errno == EINTR {}
        let (waiter, isCancelled) = state.withLock { state in
            if state.isCancelled { return (nil as CheckedContinuation<Element?, Never>?, true) }
            defer { state.waiter = nil }
            if state.waiter == nil { state.queue.append(element) }
            return (state.waiter, false)
        }
        if let waiter {
            sem_post(space)
            waiter.resume(returning: element)
        }
        return !isCancelled
    }

    /// No more values come.
    func finish() {
        let waiter = state.withLock { state in
            state.isFinished = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: nil)
    }

    /// The next value; nil after the last one, and once cancelled. For one reader.
    func next() async -> Element? {
        await withCheckedContinuation { continuation in
            let (element, isOver) = state.withLock { state in
                if !state.queue.isEmpty { return (state.queue.removeFirst() as Element?, false) }
                if state.isFinished || state.isCancelled { return (nil, true) }
                state.waiter = continuation
                return (nil, false)
            }
            if let element {
                sem_post(space)
                continuation.resume(returning: element)
            } else if isOver {
                continuation.resume(returning: nil)
            }
        }
    }

    /// Nobody reads any more: a blocked sender wakes.
    func cancel() {
        let waiter = state.withLock { state in
            state.isCancelled = true
            state.queue = []
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: nil)
        sem_post(space)
    }
}
