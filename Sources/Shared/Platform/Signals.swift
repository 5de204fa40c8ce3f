import CLinux
import Glibc
import Synchronization

/// What the process does when it is signalled.
public enum Signals {
    public enum Signal: Int32, Sendable {
        case hangup = 1
        case interrupt = 2
        case terminate = 15
    }

    /// Lets a write to a closed peer fail with EPIPE instead of ending the process. OpenSSL cannot do so by itself.
    public static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }

    /// From now on `signals` no longer end the process: they arrive in the stream, one element each.
    ///
    /// To be called once per process; a second stream would take over the signals of the first.
    public static func stream(of signals: [Signal]) -> AsyncStream<Signal> {
        let (stream, continuation) = AsyncStream<Signal>.makeStream()
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { return stream }
        let readEnd = ends[0]
        writeEnd.store(ends[1], ordering: .sequentiallyConsistent)
        Threads.start(name: "signals") {
            var byte: UInt8 = 0
            while retryingInterrupts({ read(readEnd, &byte, 1) }) == 1 {
                if let signal = Signal(rawValue: Int32(byte)) { continuation.yield(signal) }
            }
        }
        for number in signals.map(\.rawValue) { _ = signal(number, forward) }
        return stream
    }
}

extension Signals {
    /// Sends this process SIGTERM once its standard input has ended: the program that started it is gone then,
    /// however it ended.
    public static func terminateAtEndOfInput() {
        Threads.start(name: "input") {
            var byte: UInt8 = 0
            while retryingInterrupts({ read(STDIN_FILENO, &byte, 1) }) > 0 {}
            kill(getpid(), SIGTERM)
        }
    }
}

/// Where the handler writes; an atomic, because a handler may take no lock.
private let writeEnd = Atomic<Int32>(-1)

/// Only async-signal-safe calls are allowed here.
private func forward(_ number: Int32) {
    let saved = errno
    var byte = UInt8(truncatingIfNeeded: number)
    _ = write(writeEnd.load(ordering: .sequentiallyConsistent), &byte, 1)
    errno = saved
}
