import Glibc
import Synchronization

/// Runs an actor's jobs one after another on a thread of its own, so that blocking calls in them hold up nobody else.
///
/// The thread ends after ``stop()``, once all jobs queued by then have run. Stop it from the actor's `deinit`: no job of
/// that actor can come later.
public final class ThreadExecutor: SerialExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var isStopped = false
    }

    private let state = Mutex(State())
    private let thread = Mutex<pthread_t?>(nil)
    private let wake: Semaphore

    public init(name: String) {
        wake = Semaphore()
        let started = Threads.start(name: name) { [self] in run() }
        precondition(started, "the system refuses another thread")
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let (wasEmpty, isStopped) = state.withLock { state in
            if state.isStopped { return (false, true) }
            state.jobs.append(job)
            return (state.jobs.count == 1, false)
        }
        if wasEmpty { wake.signal() }
        if isStopped { job.runSynchronously(on: asUnownedSerialExecutor()) }
    }

    public func stop() {
        state.withLock { $0.isStopped = true }
        wake.signal()
    }

    public func isIsolatingCurrentContext() -> Bool? {
        thread.withLock { $0.map { pthread_equal($0, pthread_self()) != 0 } } ?? false
    }

    public func checkIsolated() {
        precondition(isIsolatingCurrentContext() == true, "not on this executor's thread")
    }

    private func run() {
        thread.withLock { $0 = pthread_self() }
        while true {
            wake.wait()
            let (jobs, isStopped) = state.withLock { state in
                defer { state.jobs.removeAll(keepingCapacity: true) }
                return (state.jobs, state.isStopped)
            }
            for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
            if isStopped && state.withLock({ $0.jobs.isEmpty }) { return }
        }
    }
}

/// A counting semaphore of the C library.
/// `@unchecked Sendable`: the pointer never changes, and `sem_post` and `sem_wait` are made for many threads.
final class Semaphore: @unchecked Sendable {
    private let handle = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(handle, 0, 0) }

    deinit {
        sem_destroy(handle)
        handle.deallocate()
    }

    func signal() { sem_post(handle) }
    func wait() { while sem_wait(handle) != 0 && errno == EINTR {} }
}
