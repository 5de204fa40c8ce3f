import Synchronization
import Testing

@testable import SyncService

@Suite struct TransportTests {
    static let topics = FaultTests.topics

    @Test func `calls one after another use one connection`() async throws {
        let peers = Mutex<Set<String>>([])
        try await withStandIn { request, _ in
            peers.withLock { _ = $0.insert(request.connection) }
            return .reply(200, Self.topics)
        } _: { server, harness in
            for _ in 0..<20 { _ = try await harness.call("sns", "ListTopics") }
            #expect(server.requests.count == 20)
            #expect(peers.withLock { $0.count } == 1)
        }
    }

    @Test func `no more calls are in flight than the limits say`() async throws {
        var limits = AWSLimits()
        limits.inFlightPerService = 3
        let gauge = Mutex<(now: Int, most: Int)>((0, 0))
        try await withStandIn(limits: limits) { _, _ in
            gauge.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            var pause = 0
            while pause < 200_000 { pause += 1 }
            gauge.withLock { $0.now -= 1 }
            return .reply(200, Self.topics)
        } _: { server, harness in
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<30 { group.addTask { _ = try? await harness.call("sns", "ListTopics") } }
            }
            #expect(server.requests.count == 30)
            #expect(gauge.withLock { $0.most } <= 3)
        }
    }

    @Test func `many calls of several services at once all end`() async throws {
        try await withStandIn { request, _ in
            request.headers["x-amz-target"] == nil
                ? .reply(200, Self.topics) : .reply(200, "{\"Keys\":[]}", type: "json")
        } _: { server, harness in
            let ended = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<300 {
                    group.addTask {
                        let (service, operation) = number % 2 == 0 ? ("sns", "ListTopics") : ("kms", "ListKeys")
                        return (try? await harness.call(service, operation)) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(ended == 300)
        }
    }
}
