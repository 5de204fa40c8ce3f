import Glibc
import Platform

@testable import RPC

/// The servers of Tests/Shared/Python/hostile_server.py, one port for each way to misbehave. They end with this process.
final class HostileServer: Sendable {
    let ports: [String: UInt16]
    /// The authority of the servers that speak TLS.
    let certFile: String
    private let child: ChildProcess

    static let shared: HostileServer? = try? HostileServer()

    private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(5).joined(
        separator: "/")

    private static let interpreter = Environment.value("PARAPET_PYTHON") ?? "\(root)/.venv/bin/python3"

    private init() throws {
        let folder = try Files.createTemporaryDirectory(prefix: "hostile-server")
        certFile = "\(folder)/cert.pem"
        let (input, output) = (try Self.pipe(), try Self.pipe())
        child = try ChildProcess.start(
            [Self.interpreter, "\(Self.root)/Tests/Shared/Python/hostile_server.py", folder],
            input: .descriptor(input.reader), output: .descriptor(output.writer))
        // The program's input stays open, and so the program up, until this process ends.
        close(input.reader)
        close(output.writer)
        ports = Self.readPorts(output.reader)
        close(output.reader)
    }

    private static func pipe() throws -> (reader: Int32, writer: Int32) {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { throw UnknownBehaviour(name: "no pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// Lines of a name and a port, up to an empty one.
    private static func readPorts(_ descriptor: Int32) -> [String: UInt16] {
        var text: [UInt8] = []
        var byte: UInt8 = 0
        while !text.suffix(2).elementsEqual([10, 10]), read(descriptor, &byte, 1) == 1 { text.append(byte) }
        let pairs = String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            return words.count == 2 ? UInt16(words[1]).map { (String(words[0]), $0) } : nil
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    func port(_ behaviour: String) throws -> UInt16 {
        guard let port = ports[behaviour] else { throw UnknownBehaviour(name: behaviour) }
        return port
    }

    struct UnknownBehaviour: Error { let name: String }

    /// A client of one behaviour.
    static func client(
        _ behaviour: String, _ configure: (inout ClientConfiguration) -> Void = { _ in }
    ) throws -> RPCClient {
        guard let shared else { throw UnknownBehaviour(name: "no Python with h2: set PARAPET_PYTHON") }
        var configuration = ClientConfiguration(
            host: "127.0.0.1", port: try shared.port(behaviour), allowPlaintext: true)
        configure(&configuration)
        return RPCClient(configuration)
    }

    /// Resident memory of this process, in bytes.
    static func residentBytes() -> Int {
        let text = (try? Files.read("/proc/self/statm")).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * 4096
    }
}
