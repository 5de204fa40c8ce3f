import CLinux
import Glibc

extension ChildProcess {
    /// What a program that ran to its end has said.
    public struct Captured: Sendable {
        public var status: ExitStatus
        public var output: [UInt8]
        public var error: [UInt8]
        /// Whether it was killed because its time was over.
        public var timedOut: Bool
    }

    /// Runs a program to its end and gathers its output.
    ///
    /// - Parameters:
    ///   - timeout: After it the program is killed. A cancelled task kills it at once.
    ///   - limitBytes: Of each stream; what comes after it is dropped.
    public static func run(
        _ arguments: [String], environment: [String: String] = Environment.all, timeout: Duration = .seconds(60),
        limitBytes: Int = 16 << 20
    ) async throws(SpawnError) -> Captured {
        // Memory instead of pipes: nobody has to read while the program runs, and a grandchild holds nothing open.
        let (output, error) = (clinux_memory_file("output"), clinux_memory_file("error"))
        guard output >= 0, error >= 0 else { throw SpawnError(program: arguments.first ?? "", code: errno) }
        let outputFile = FileDescriptor(taking: output)
        let errorFile = FileDescriptor(taking: error)
        let child = try start(
            arguments, environment: environment, output: .descriptor(output), error: .descriptor(error))
        let (status, timedOut) = await child.waitOrKill(after: timeout)
        return Captured(
            status: status, output: outputFile.content(limitBytes), error: errorFile.content(limitBytes),
            timedOut: timedOut)
    }

    private func waitOrKill(after timeout: Duration) async -> (ExitStatus, timedOut: Bool) {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { [self] in
                try? await Task.sleep(for: timeout)
                return signal(SIGKILL)
            }
            let status = await wait()
            group.cancelAll()
            return (status, await group.next() ?? false)
        }
    }
}

extension FileDescriptor {
    /// The first `limit` bytes of a regular file; fewer where reading fails.
    fileprivate borrowing func content(_ limit: Int) -> [UInt8] {
        var status = stat()
        guard fstat(raw, &status) == 0 else { return [] }
        let size = min(limit, Int(status.st_size))
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = pread(raw, buffer.baseAddress.map { $0 + count }, size - count, off_t(count))
                if got <= 0 { return }
                count += got
            }
        }
    }
}
