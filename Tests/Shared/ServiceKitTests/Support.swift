import Crypto
import Glibc
import Platform
import ServiceKit
import Synchronization

/// A clock that stands still until it is moved.
final class ManualClock: WallClock {
    private let time: Mutex<WallTime>

    init(_ seconds: Int64 = 1_800_000_000) {
        time = Mutex(WallTime(unixSeconds: seconds))
    }

    func now() -> WallTime { time.withLock { $0 } }
    func advance(by duration: Duration) { time.withLock { $0 = $0 + duration } }
}

/// What many tasks add to.
final class Collected<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])
    func add(_ element: Element) { elements.withLock { $0.append(element) } }
    var all: [Element] { elements.withLock { $0 } }
}

/// Waits until `condition` holds; false when that takes longer than `limit`.
func eventually(
    within limit: Duration = .seconds(60), _ condition: () async -> Bool
) async -> Bool {
    let end = ContinuousClock.now + limit
    while await !condition() {
        if ContinuousClock.now > end { return false }
        try? await Task.sleep(for: .milliseconds(2))
    }
    return true
}

/// Runs `body` with a directory that is removed afterwards.
func withTemporaryDirectory<T>(_ body: (String) async throws -> T) async throws -> T {
    let directory = try Files.createTemporaryDirectory(prefix: "parapet-test-")
    do {
        let result = try await body(directory)
        try Files.removeTree(directory)
        return result
    } catch {
        try Files.removeTree(directory)
        throw error
    }
}

/// An authority and identities below it, as files in a directory.
struct TestIdentities {
    let directory: String
    let authority: IssuedCertificate

    init(in directory: String) throws {
        self.directory = directory
        authority = try Certificates.makeAuthority(commonName: "Test CA", now: .now())
        try Files.writeAtomically(authority.certificatePEM, to: directory + "/ca.pem", mode: 0o644)
    }

    /// Writes a service's certificate and key.
    func files(
        _ service: ServiceName, uri: String? = nil, lifetime: Duration = Certificates.leafLifetime, suffix: String = ""
    ) throws -> ServiceConfiguration.TLSFiles {
        let issued = try Certificates.issue(
            LeafRequest(
                commonName: service.rawValue, dnsNames: ["localhost"], ipAddresses: ["127.0.0.1"],
                uris: [uri ?? service.uri], usages: [.serverAuth, .clientAuth]),
            by: authority, now: .now(), lifetime: lifetime)
        let path = "\(directory)/\(service.rawValue)\(suffix)"
        try Files.writeAtomically(issued.certificatePEM, to: path + ".pem", mode: 0o644)
        try Files.writeAtomically(issued.privateKeyPEM, to: path + ".key")
        return ServiceConfiguration.TLSFiles(
            certificate: path + ".pem", key: path + ".key", authority: directory + "/ca.pem")
    }
}
