import CLinux
import Glibc
import Synchronization

/// One thread that waits on epoll and runs everything that belongs to it: descriptor handlers, timers, task jobs.
///
/// The loop is the task executor of the handlers it starts, so a call that awaits nothing foreign stays on this thread.
/// Whatever comes from another thread (a job, a closure) goes through a locked inbox and one eventfd write.
///
/// A turn is: wait, run the descriptors' handlers, start what became ready, run queued jobs, flush what is dirty once,
/// and repeat the last three until nothing is left. So all output of a turn goes out together.
///
/// `@unchecked Sendable`: every stored `var` is touched by the loop's own thread alone; what other threads use
/// (inbox, state, the descriptors' numbers) is locked, atomic or constant.
public final class EventLoop: TaskExecutor, @unchecked Sendable {
    /// What the loop does with a descriptor's events.
    public typealias Handler = (Events) -> Void

    private enum Inbound {
        case job(UnownedJob)
        case work(@Sendable () -> Void)
    }

    private struct Inbox {
        var items: [Inbound] = []
        var stopping = false
        var ended = false
    }

    private let epoll: Int32
    private let wakeup: Int32
    private let inbox = Mutex(Inbox())
    private let stopped = Gate()
    private let thread = Atomic<pthread_t>(0)

    private var jobs = JobRing()
    private var batch: [Inbound] = []
    private var watchers: [Int32: Watcher] = [:]
    private var timers = TimerHeap()
    private var ready: [any TurnParticipant] = []
    private var dirty: [any TurnParticipant] = []

    /// The instant at which the current turn began; cheaper than asking the clock, at most one turn old.
    public private(set) var turnStart = ContinuousClock.now

    private init(epoll: Int32, wakeup: Int32) {
        self.epoll = epoll
        self.wakeup = wakeup
    }

    deinit {
        close(epoll)
        close(wakeup)
    }

    // MARK: Life

    /// Starts a loop on a thread of its own.
    ///
    /// - Parameter name: Shown by `ps -L`; the kernel keeps 15 bytes of it.
    public static func start(name: String = "event-loop") throws(EventLoopError) -> EventLoop {
        let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw EventLoopError("epoll_create1", errno) }
        let wakeup = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard wakeup >= 0 else {
            let code = errno
            close(epoll)
            throw EventLoopError("eventfd", code)
        }
        let loop = EventLoop(epoll: epoll, wakeup: wakeup)
        try loop.register(wakeup, Events.readable, EPOLL_CTL_ADD)
        try spawn(name: name, loop)
        return loop
    }

    private static func spawn(name: String, _ loop: EventLoop) throws(EventLoopError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let started = Gate()
        let box = Unmanaged.passRetained(ThreadStart(loop: loop, name: name, started: started))
        var thread: pthread_t = 0
        let code = pthread_create(&thread, &attributes, threadMain, box.toOpaque())
        guard code == 0 else {
            box.release()
            throw EventLoopError("pthread_create", code)
        }
        started.wait()
    }

    fileprivate final class ThreadStart {
        let loop: EventLoop
        let name: String
        let started: Gate
        init(loop: EventLoop, name: String, started: Gate) {
            self.loop = loop
            self.name = name
            self.started = started
        }
    }

    /// Ends the loop after the current turn. Jobs that arrive later are still run, on the thread that brings them, so
    /// that no task hangs. Idempotent; callable from anywhere.
    public func stop() {
        let first = inbox.withLock { box in
            defer { box.stopping = true }
            return !box.stopping
        }
        if first { wake() }
    }

    /// Blocks the calling thread until the loop's thread has ended. Not for use on the loop itself.
    public func join() {
        precondition(!isCurrent, "join() on the loop's own thread")
        stopped.wait()
    }

    // MARK: Confinement

    /// Whether the caller runs on the loop's thread.
    public var isCurrent: Bool { pthread_self() == thread.load(ordering: .relaxed) }

    /// Debug builds trap when the caller is not on the loop's thread.
    @inline(__always)
    public func assertCurrent(_ function: StaticString = #function) {
        assert(isCurrent, "\(function): called off the loop's thread")
    }

    // MARK: Executor

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            jobs.append(job)
        } else {
            deliver(.job(job))
        }
    }

    public func asUnownedTaskExecutor() -> UnownedTaskExecutor { UnownedTaskExecutor(ordinary: self) }

    /// As a task executor alone: a job that ran on a serial executor as well would be queued anew at each `await` of a
    /// function that belongs to no actor, since that is another place to the runtime.
    private func run(_ job: UnownedJob) { job.runSynchronously(on: asUnownedTaskExecutor()) }

    /// Runs `work` on the loop's thread: in this turn when called there, else in the next. In the order of calls.
    public func execute(_ work: @escaping @Sendable () -> Void) {
        deliver(.work(work))
    }

    private func deliver(_ item: Inbound) {
        let (wasEmpty, ended) = inbox.withLock { box in
            let wasEmpty = box.items.isEmpty
            if !box.ended { box.items.append(item) }
            return (wasEmpty, box.ended)
        }
        if ended {
            run(item)
        } else if wasEmpty {
            wake()
        }
    }

    private func wake() {
        var one: UInt64 = 1
        _ = write(wakeup, &one, 8)
    }

    private func run(_ item: Inbound) {
        switch item {
        case .job(let job): run(job)
        case .work(let work): work()
        }
    }

    // MARK: Descriptors

    /// Calls `handler` on the loop's thread whenever `descriptor` has one of `events`, level-triggered; errors and
    /// hang-ups are always reported. Replaces an earlier watch of the same descriptor. On the loop's thread only.
    public func watch(_ descriptor: Int32, _ events: Events, _ handler: @escaping Handler) throws(EventLoopError) {
        assertCurrent()
        let known = watchers[descriptor] != nil
        try register(descriptor, events, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD)
        watchers[descriptor] = Watcher(handler)
    }

    /// Changes which events of a watched descriptor are reported. On the loop's thread only.
    public func rewatch(_ descriptor: Int32, _ events: Events) throws(EventLoopError) {
        assertCurrent()
        try register(descriptor, events, EPOLL_CTL_MOD)
    }

    /// Stops watching; to be called before the descriptor is closed. On the loop's thread only.
    public func unwatch(_ descriptor: Int32) {
        assertCurrent()
        guard let watcher = watchers.removeValue(forKey: descriptor) else { return }
        watcher.handler = nil
        var unused = epoll_event()
        epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, &unused)
    }

    private func register(_ descriptor: Int32, _ events: Events, _ operation: Int32) throws(EventLoopError) {
        var event = epoll_event()
        event.events = events.epoll
        event.data.fd = descriptor
        guard epoll_ctl(epoll, operation, descriptor, &event) == 0 else { throw EventLoopError("epoll_ctl", errno) }
    }

    // MARK: Timers

    /// Runs `action` once, at `instant` or as soon after as the loop gets to it (granularity 1 ms). On the loop only.
    @discardableResult
    public func schedule(at instant: ContinuousClock.Instant, _ action: @escaping () -> Void) -> TimerID {
        assertCurrent()
        return timers.insert(at: instant, action)
    }

    /// Runs `action` once, `delay` from now.
    @discardableResult
    public func schedule(after delay: Duration, _ action: @escaping () -> Void) -> TimerID {
        schedule(at: ContinuousClock.now + delay, action)
    }

    /// Forgets a timer; no effect once it has fired. On the loop's thread only.
    public func cancel(_ timer: TimerID) {
        assertCurrent()
        timers.remove(timer)
    }

    // MARK: Turn

    /// Queues `participant` to be started in this turn, after all descriptors' handlers have returned.
    public func markReady(_ participant: any TurnParticipant) {
        assertCurrent()
        ready.append(participant)
    }

    /// Queues `participant` to be flushed in this turn, after queued jobs have run. Not deduplicated.
    public func markDirty(_ participant: any TurnParticipant) {
        assertCurrent()
        dirty.append(participant)
    }

    fileprivate func runUntilStopped(started: Gate) {
        thread.store(pthread_self(), ordering: .relaxed)
        started.open()
        var events = [epoll_event](repeating: epoll_event(), count: 128)
        while true {
            let isSettled = settle()
            if inbox.withLock({ $0.stopping }) { break }
            let patience = isSettled ? timers.timeoutMilliseconds() : 0
            let count = epoll_wait(epoll, &events, Int32(events.count), patience)
            turnStart = .now
            var index = 0
            while index < Int(count) {
                dispatch(events[index])
                index += 1
            }
            while let action = timers.takeDue(turnStart) { action() }
        }
        finish()
    }

    private func dispatch(_ event: epoll_event) {
        let descriptor = event.data.fd
        if descriptor == wakeup {
            var count: UInt64 = 0
            _ = read(wakeup, &count, 8)
            takeInbox()
            return
        }
        guard let watcher = watchers[descriptor], let handler = watcher.handler else { return }
        handler(Events(epoll: event.events))
    }

    private func takeInbox() {
        inbox.withLock { swap(&$0.items, &batch) }
        for item in batch {
            switch item {
            case .job(let job): jobs.append(job)
            case .work(let work): work()
            }
        }
        batch.removeAll(keepingCapacity: true)
    }

    /// Starts, runs and flushes until nothing is left to do without new events; false when work is left for another
    /// turn: a peer that reads as fast as a handler writes would keep all others out.
    private func settle() -> Bool {
        var flushes = 0
        for _ in 0..<64 {
            startReady()
            let budget = jobs.count
            for _ in 0..<budget {
                guard let job = jobs.removeFirst() else { break }
                run(job)
            }
            guard ready.isEmpty && jobs.isEmpty else { continue }
            if dirty.isEmpty { return true }
            flushDirty()
            flushes += 1
            if flushes == 3 { return ready.isEmpty && jobs.isEmpty && dirty.isEmpty }
        }
        return false
    }

    private func startReady() {
        var index = 0
        while index < ready.count {
            ready[index].startInTurn()
            index += 1
        }
        ready.removeAll(keepingCapacity: true)
    }

    private func flushDirty() {
        var index = 0
        while index < dirty.count {
            dirty[index].flushInTurn()
            index += 1
        }
        dirty.removeAll(keepingCapacity: true)
    }

    /// Leaves nobody waiting: what came in before the end is run here, what comes later by its bringer.
    private func finish() {
        while true {
            takeInbox()
            while !settle() {}
            let ended = inbox.withLock { box in
                box.ended = box.items.isEmpty
                return box.ended
            }
            if ended { break }
        }
        watchers.removeAll()
        timers.removeAll()
        thread.store(0, ordering: .relaxed)
        stopped.open()
    }
}

private final class Watcher {
    var handler: EventLoop.Handler?
    init(_ handler: @escaping EventLoop.Handler) { self.handler = handler }
}

private func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let start = Unmanaged<EventLoop.ThreadStart>.fromOpaque(argument).takeRetainedValue()
    pthread_setname_np(pthread_self(), String(start.name.prefix(15)))
    start.loop.runUntilStopped(started: start.started)
    return nil
}
