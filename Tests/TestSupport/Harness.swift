import Glibc
import JSON
import Platform
import Testing

public struct HarnessError: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}

/// The checkout and what was built of it.
public enum Repository {
    /// The folder that holds Package.swift.
    public static let root: String = {
        var folder = Files.parent(of: #filePath)
        while folder != "/", !Files.exists(folder + "/Package.swift") { folder = Files.parent(of: folder) }
        return folder
    }()

    /// The folder of the programs, beside the test's own.
    public static let programs: String = {
        let executable = (try? Files.realPath("/proc/self/exe")) ?? ""
        return Files.parent(of: executable)
    }()
}

/// Waits for a state, looking every 50 ms unless told otherwise.
///
/// - Throws: ``HarnessError`` when the limit is over.
public func eventually(
    _ what: String, limit: Duration = .seconds(60), every pause: Duration = .milliseconds(50),
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw HarnessError("not within \(limit): \(what)") }
        try await Task.sleep(for: pause)
    }
}

/// A file that a child process appends to.
public final class LogFile: Sendable {
    public let descriptor: Int32

    public init(_ path: String) throws {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw HarnessError("\(path): \(String(cString: strerror(errno)))") }
    }

    deinit { close(descriptor) }
}

public enum LoopbackPort {
    /// A port of loopback that nobody listens on.
    public static func free() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard bound else { throw HarnessError("no free port") }
        return UInt16(bigEndian: address.sin_port)
    }

    /// Whether somebody listens on a port.
    public static func accepts(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(port: port)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
