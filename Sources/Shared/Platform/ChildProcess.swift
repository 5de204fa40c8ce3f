import Glibc
import Synchronization

/// How a process ended.
public enum ExitStatus: Sendable, Equatable {
    case exited(Int32)
    case signalled(Int32)

    public var isSuccess: Bool { self == .exited(0) }
}

/// Why a process could not be started.
public struct SpawnError: Error, Equatable, CustomStringConvertible {
    public let program: String
    public let code: Int32
    public var description: String { "\(program): cannot be started: \(systemErrorText(code))" }
}

/// A process that this one started. It is reaped as soon as it ends, whether or not anybody waits.
public final class ChildProcess: Sendable {
    /// Where a standard stream of the child leads.
    public enum Stream: Sendable {
        case inherit
        case null
        /// An open descriptor of this process, which stays open here.
        case descriptor(Int32)
    }

    private struct State {
        var status: ExitStatus?
        var waiters: [CheckedContinuation<ExitStatus, Never>] = []
    }

    public let pid: Int32
    private let state = Mutex(State())

    private init(pid: Int32) {
        self.pid = pid
    }

    /// Starts a program. Signal handling is back to the default in it, and no other descriptor is passed on.
    ///
    /// - Parameters:
    ///   - arguments: The program first; it is looked up in PATH unless it holds a slash. Arguments are visible to
    ///     every user of the machine: no secret belongs here.
    ///   - environment: All of the child's variables.
    public static func start(
        _ arguments: [String], environment: [String: String] = Environment.all, input: Stream = .null,
        output: Stream = .inherit, error: Stream = .inherit
    ) throws(SpawnError) -> ChildProcess {
        let program = arguments.first ?? ""
        let pid = try spawn(arguments, environment, [input, output, error])
        let child = ChildProcess(pid: pid)
        guard Threads.start(name: "wait-\(pid)", { child.reap() }) else {
            kill(pid, SIGKILL)
            child.reap()
            throw SpawnError(program: program, code: EAGAIN)
        }
        return child
    }

    /// Waits for the end. Any number of tasks may wait, also after it.
    public func wait() async -> ExitStatus {
        await withCheckedContinuation { continuation in
            let status = state.withLock { state -> ExitStatus? in
                if state.status == nil { state.waiters.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    /// The status, if it has ended.
    public var status: ExitStatus? { state.withLock { $0.status } }

    /// Sends a signal; false once the process has ended. Its id cannot have become another process's by then.
    @discardableResult
    public func signal(_ number: Int32) -> Bool {
        state.withLock { $0.status == nil && kill(pid, number) == 0 }
    }

    /// SIGTERM, then SIGKILL when `grace` is over; returns after the end.
    @discardableResult
    public func stop(grace: Duration = .seconds(10)) async -> ExitStatus {
        signal(SIGTERM)
        return await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // Cancelled by the end of the process; a cancelled caller loses its patience.
                try? await Task.sleep(for: grace)
                self.signal(SIGKILL)
            }
            let status = await wait()
            group.cancelAll()
            return status
        }
    }

    /// Waits for the end on a thread of its own. The process stays a zombie, which keeps its id from being used again,
    /// until the lock that `signal` takes too is held.
    private func reap() {
        var information = siginfo_t()
        while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
        let (status, waiters) = state.withLock { state in
            var raw: Int32 = 0
            while waitpid(pid, &raw, 0) < 0 && errno == EINTR {}
            let status = raw & 0x7f == 0 ? ExitStatus.exited(raw >> 8 & 0xff) : .signalled(raw & 0x7f)
            state.status = status
            defer { state.waiters = [] }
            return (status, state.waiters)
        }
        for waiter in waiters { waiter.resume(returning: status) }
    }
}
