import CLinux
import Glibc
import Platform
import Synchronization

/// Keeps one service running: starts it, waits for it to serve, starts it again when it ends by itself.
final class Supervisor: Sendable {
    let installation: Installation
    let service: String
    private let command: [String]
    private let lifeline: Lifeline
    private let announce: @Sendable (String) -> Void
    private let state = Mutex(State())

    private struct State {
        var child: ChildProcess?
        var isStopping = false
    }

    /// - Parameter command: Program and flags.
    init(
        installation: Installation, service: String, command: [String], lifeline: Lifeline,
        announce: @escaping @Sendable (String) -> Void
    ) {
        self.installation = installation
        self.service = service
        self.command = command
        self.lifeline = lifeline
        self.announce = announce
    }

    /// Starts the service, appending what it logs to its file.
    @discardableResult
    func start() throws -> ChildProcess {
        try? Files.remove(installation.readyFile(service))
        let log = try FileDescriptor(
            opening: installation.logFile(service), flags: O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, mode: 0o600)
        let child = try ChildProcess.start(
            command, input: .descriptor(lifeline.readEnd), output: .descriptor(log.raw), error: .descriptor(log.raw))
        state.withLock { $0.child = child }
        return child
    }

    /// Starts the service, and returns once it serves.
    func startAndWaitUntilReady(limit: Duration) async throws {
        let child = try start()
        let deadline = ContinuousClock.now + limit
        while !Files.exists(installation.readyFile(service)) {
            guard child.status == nil else { throw failure("ended before it was ready") }
            guard ContinuousClock.now < deadline else { throw failure("is not ready after \(limit)") }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Starts the service again whenever it ends, until ``stop(grace:)``.
    func keepRunning() async {
        var backoff = RestartBackoff()
        while let child = state.withLock({ $0.isStopping ? nil : $0.child }) {
            let started = ContinuousClock.now
            let status = await child.wait()
            if state.withLock({ $0.isStopping }) { return }
            let wait = backoff.next(afterRunning: ContinuousClock.now - started)
            announce(
                "\(service) ended (\(status)); starting it again in \(wait). Its log: \(installation.logFile(service))")
            do {
                try await Task.sleep(for: wait)
                if state.withLock({ $0.isStopping }) { return }
                try start()
            } catch is CancellationError {
                return
            } catch {
                announce("\(error)")
            }
        }
    }

    /// Ends the service: SIGTERM, and SIGKILL when `grace` is over.
    func stop(grace: Duration) async {
        let child = state.withLock { state in
            state.isStopping = true
            return state.child
        }
        _ = await child?.stop(grace: grace)
    }

    private func failure(_ what: String) -> CLIError {
        let log = (try? Files.read(installation.logFile(service))) ?? []
        let tail = String(decoding: log.suffix(2000), as: UTF8.self).split(separator: "\n").suffix(3).joined(
            separator: "\n  ")
        return CLIError(
            code: .failed, message: "\(service) \(what)",
            hint: "the end of \(installation.logFile(service)):\n  \(tail)")
    }
}

/// A pipe whose end tells the services that this program is gone, even when it was killed.
final class Lifeline: Sendable {
    let readEnd: Int32
    private let writeEnd: Int32

    init() throws(CLIError) {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else {
            throw CLIError(code: .failed, message: "no pipe: \(String(cString: strerror(errno)))")
        }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }
}

/// How long to wait before a service is started again: 0.5 s, doubled up to 30 s while it keeps ending within a minute.
struct RestartBackoff {
    private var wait = Duration.milliseconds(500)

    mutating func next(afterRunning duration: Duration) -> Duration {
        if duration > .seconds(60) { wait = .milliseconds(500) }
        defer { wait = min(wait * 2, .seconds(30)) }
        return wait
    }
}
