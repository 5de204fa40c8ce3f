import Platform
import TestSupport
import Testing

/// What a call costs the client's kernel.
extension InteropTests {
    @Test func `a client's call on a warm connection is one write, one read and one wait`() async throws {
        let folder = try Files.createTemporaryDirectory(prefix: "client-cost")
        defer { try? Files.removeTree(folder) }
        let log = try LogFile("\(folder)/server")
        let server = try ChildProcess.start(
            ["\(Repository.programs)/echo-server", "--port", "0"], output: .descriptor(log.descriptor))
        do {
            try await eventually("the server listens") { try Files.read("\(folder)/server").contains(10) }
            let line = String(decoding: try Files.read("\(folder)/server"), as: UTF8.self)
            let address = try #require(line.split(whereSeparator: \.isWhitespace).last)
            let calls = 500
            let run = try await ChildProcess.run([
                "strace", "-f", "-c", "-o", "\(folder)/counts", "\(Repository.programs)/echo-client",
                String(address), "--calls", "\(calls)", "--concurrency", "1",
            ])
            #expect(run.status.isSuccess, "\(String(decoding: run.error, as: UTF8.self))")
            let counts = Self.counts(String(decoding: try Files.read("\(folder)/counts"), as: UTF8.self))
            for call in ["sendto", "recvfrom", "epoll_wait"] {
                let count = counts[call] ?? 0
                #expect(count >= calls && count <= calls + 20, "\(call): \(count)")
            }
            #expect((counts["futex"] ?? 0) < 50)
        } catch {
            _ = await server.stop()
            throw error
        }
        _ = await server.stop()
    }

    /// By the name of the system call, from the table that `strace -c` writes.
    private static func counts(_ table: String) -> [String: Int] {
        let rows = table.split(separator: "\n").compactMap { line -> (String, Int)? in
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            guard words.count >= 5, let count = Int(words[3]), let name = words.last else { return nil }
            return (String(name), count)
        }
        return Dictionary(rows, uniquingKeysWith: +)
    }
}
