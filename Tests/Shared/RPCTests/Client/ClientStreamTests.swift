import RPC
import Testing

@Suite struct ClientStreamTests {
    private static let service = "parapet.test.v1.Streams"
    private static let relay = EchoMethod(service: service, name: "Relay")
    private static let gather = EchoMethod(service: service, name: "Gather")
    private static let enough = EchoMethod(service: service, name: "Enough")

    private struct Service: RPCService {
        static let serviceName = ClientStreamTests.service
        let seen: Sightings

        func register(on router: inout Router) {
            // Answers each request at once.
            router.bidirectional(relay) { requests, responses, call throws(RPCError) in
                call.responseHeaders.add("x-first", "1")
                call.responseTrailers.add("x-last", "2")
                do throws(RPCError) {
                    while let request = try await requests.next() { try await responses.send(request) }
                } catch {
                    seen.note(error.code.name)
                    throw error
                }
                seen.note("ended")
            }
            // Answers once, with how much came.
            router.bidirectional(gather) { requests, responses, _ throws(RPCError) in
                var count: Int64 = 0
                while let request = try await requests.next() { count += Int64(request.payload.count) }
                try await responses.send(EchoMessage("sum", count))
            }
            // Answers after the first request, whatever else comes.
            router.bidirectional(enough) { requests, responses, _ throws(RPCError) in
                _ = try await requests.next()
                try await responses.send(EchoMessage("enough"))
            }
        }
    }

    private func withClient(
        _ configure: (inout ClientConfiguration) -> Void = { _ in }, _ body: (RPCClient, Sightings) async throws -> Void
    ) async throws {
        let seen = Sightings()
        var router = Router()
        router.add(Service(seen: seen))
        let server = try await RPCServer.start(
            ServerConfiguration(allowPlaintext: true), router: router, authorizer: TestAuthorizer())
        var configuration = ClientConfiguration(host: "127.0.0.1", port: server.port, allowPlaintext: true)
        configure(&configuration)
        let client = RPCClient(configuration)
        try await body(client, seen)
        client.close()
        await server.shutdown(grace: .zero)
    }

    @Test func `each request is answered before the next is made`() async throws {
        try await withClient { client, _ in
            let stream = try client.open(Self.relay)
            for number in 0..<50 {
                try await stream.send(EchoMessage("", Int64(number)))
                #expect(try await stream.next()?.number == Int64(number))
            }
            #expect(try await stream.headers()["x-first"] == "1")
            #expect(stream.trailers.isEmpty)
            stream.finish()
            #expect(try await stream.next() == nil)
            #expect(stream.trailers["x-last"] == "2")
            #expect(try await stream.next() == nil)
        }
    }

    @Test func `requests and responses flow at the same time`() async throws {
        try await withClient { client, _ in
            let stream = try client.open(Self.relay)
            let payload = [UInt8](repeating: 7, count: 3000)
            async let sender: Void = {
                for number in 0..<500 { try await stream.send(EchoMessage("", Int64(number), payload: payload)) }
                stream.finish()
            }()
            var next: Int64 = 0
            while let response = try await stream.next() {
                #expect(response.number == next)
                #expect(response.payload.count == 3000)
                next += 1
            }
            try await sender
            #expect(next == 500)
        }
    }

    @Test func `a client streams requests and gets one response`() async throws {
        try await withClient { client, _ in
            let response = try await client.clientStreaming(Self.gather) { stream throws(RPCError) in
                for _ in 0..<100 { try await stream.send(EchoMessage(payload: [UInt8](repeating: 1, count: 2500))) }
            }
            #expect(response.number == 250_000)
        }
    }

    @Test func `a server may answer before it has seen all requests`() async throws {
        try await withClient { client, _ in
            let response = try await client.clientStreaming(Self.enough) { stream throws(RPCError) in
                while true { try await stream.send(EchoMessage(payload: [UInt8](repeating: 1, count: 2500))) }
            }
            #expect(response.text == "enough")
        }
    }

    @Test func `several responses where one is due are refused as UNIMPLEMENTED`() async throws {
        try await withClient { client, _ in
            let error = await rpcError { () throws(RPCError) in
                _ = try await client.clientStreaming(Self.relay) { stream throws(RPCError) in
                    for _ in 0..<2 { try await stream.send(EchoMessage("x")) }
                }
            }
            #expect(error?.code == .unimplemented)
        }
    }

    @Test func `a stream that is given up is cancelled`() async throws {
        try await withClient { client, seen in
            do {
                let stream = try client.open(Self.relay)
                try await stream.send(EchoMessage("a"))
                #expect(try await stream.next()?.text == "a")
            }
            #expect(await eventually { seen.all == ["CANCELLED"] })
        }
    }

    @Test func `a deadline ends a stream`() async throws {
        try await withClient { client, _ in
            let stream = try client.open(Self.relay, CallOptions(timeout: .milliseconds(50)))
            let error = await rpcError { () throws(RPCError) in _ = try await stream.next() }
            #expect(error?.code == .deadlineExceeded)
            let later = await rpcError { () throws(RPCError) in try await stream.send(EchoMessage()) }
            #expect(later?.code == .deadlineExceeded)
        }
    }

    @Test func `a unary response comes with its headers and trailers`() async throws {
        let pair = try await EchoPair()
        let response = try await pair.client.unaryResponse(EchoMethods.describe, EchoMessage())
        #expect(response.headers["x-header"] == "1")
        #expect(response.trailers.bytes("x-trailer-bin") == [0, 255])
        #expect(!response.wasCompressed)
        await pair.close()
    }

    @Test func `the headers of a call that fails are its failure`() async throws {
        let pair = try await EchoPair()
        let stream = try pair.client.open(EchoMethods.fail)
        try await stream.send(EchoMessage("no", 9))
        stream.finish()
        let error = await rpcError { () throws(RPCError) in _ = try await stream.headers() }
        #expect(error == RPCError(.failedPrecondition, "no"))
        await pair.close()
    }
}
