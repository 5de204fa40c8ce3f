import EventLoop
import JSON
import Platform
import Synchronization
import Testing

@testable import SyncService

/// A client of an endpoint on loopback, with its loop; waits between attempts are noted, not waited.
final class ClientHarness: Sendable {
    let client: AWSClient
    let loop: EventLoop

    static let credentials = StaticCredentials(AWSCredentials(accessKeyID: "AKIDTEST", secretAccessKey: "secret"))

    init(
        endpoint: String, limits: AWSLimits = AWSLimits(), caBundle: String? = nil,
        environment: [String: String] = [:], clock: any WallClock = SystemWallClock()
    ) throws {
        let loop = try EventLoop.start(name: "calls")
        let notes = Noted()
        var configuration = AWSClientConfiguration(
            loop: loop, shapes: Fixtures.shapes, partitions: try Partitions.load(share: Fixtures.share),
            endpoints: EndpointOptions(url: endpoint, caBundle: caBundle))
        configuration.endpoints.proxies = ProxyOptions(environment: environment)
        configuration.clock = clock
        configuration.limits = limits
        configuration.rates = CallRates(usual: 10_000)
        configuration.random = { 0.5 }
        configuration.sleep = { (duration: Duration) async throws(CancellationError) in notes.add(duration) }
        self.loop = loop
        client = AWSClient(configuration: configuration)
        noted = notes
    }

    private let noted: Noted
    var backoffs: [Duration] { noted.all }

    func stop() async {
        await client.close()
        loop.stop()
    }

    func call(
        _ service: String, _ operation: String, _ parameters: JSONValue = [:], region: String = "eu-central-1"
    ) async throws(AWSError) -> JSONValue {
        try await client.call(
            service: service, operation: operation, region: region, parameters: parameters,
            credentials: Self.credentials, account: "123456789012"
        ).value()
    }

    /// All items of a listing.
    func list(
        _ service: String, _ operation: String, _ items: String, _ parameters: JSONValue = [:],
        carry: [String: FieldPath] = [:], region: String = "eu-central-1"
    ) async throws -> [JSONValue] {
        var plan = try #require(ItemsPlan(items))
        plan.carry = carry
        let found = Collected()
        try await client.listPages(
            service: service, operation: operation, region: region, parameters: parameters, items: plan,
            credentials: Self.credentials, account: "123456789012"
        ) { (page: AWSPage) async throws(AWSError) in found.add(page.items) }
        return try found.all.map { try JSONValue(parsing: $0) }
    }
}

final class Noted: Sendable {
    private let values = Mutex<[Duration]>([])
    var all: [Duration] { values.withLock { $0 } }
    func add(_ value: Duration) { values.withLock { $0.append(value) } }
}

final class Collected: Sendable {
    private let values = Mutex<[[UInt8]]>([])
    var all: [[UInt8]] { values.withLock { $0 } }
    func add(_ more: [[UInt8]]) { values.withLock { $0 += more } }
}
