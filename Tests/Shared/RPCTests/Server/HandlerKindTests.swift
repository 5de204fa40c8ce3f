import EventLoop
import RPC
import Testing
import Wire

/// The ways to register a method, and what a handler finds.
struct HandlerKindTests {
    private func withServer(
        authorizer: any ServerInterceptor = TestAuthorizer(), _ register: (inout Router) -> Void,
        _ body: (RawClient, RPCServer) async throws -> Void
    ) async throws {
        var router = Router()
        register(&router)
        let server = try await RPCServer.start(
            ServerConfiguration(allowPlaintext: true), router: router, authorizer: authorizer)
        let client = try await RawClient.connect(server.port)
        try await body(client, server)
        await client.close()
        await server.shutdown(grace: .zero)
    }

    private static let path = "/parapet.test.v1.Echo/Echo"

    private func frame(_ number: Int64) -> [UInt8] { framed(EchoMessage("", number).encoded()) }

    @Test func `a client-streaming handler reads to the end and answers once`() async throws {
        try await withServer({ router in
            router.clientStreaming(EchoMethods.echo) { requests, _ throws(RPCError) in
                var sum: Int64 = 0
                while let request = try await requests.next() { sum += request.number }
                return EchoMessage("sum", sum)
            }
        }) { client, _ in
            let call = await client.call(Self.path, body: frame(1), end: false)
            await call.send(frame(2) + frame(3))
            await call.send([], end: true)
            let response = await call.finished()
            #expect(response.status == "0")
            #expect(response.body == framed(EchoMessage("sum", 6).encoded()))
            #expect(await client.call(Self.path, body: []).finished().body == framed(EchoMessage("sum", 0).encoded()))
        }
    }

    @Test func `a client-streaming handler may answer before the last request`() async throws {
        try await withServer({ router in
            router.clientStreaming(EchoMethods.echo) { requests, _ throws(RPCError) in
                try await requests.next() ?? EchoMessage()
            }
        }) { client, _ in
            let call = await client.call(Self.path, body: frame(7) + frame(8), end: false)
            let response = await call.finished()
            #expect(response.status == "0")
            #expect(response.body == frame(7))
            #expect(response.code == 0)
        }
    }

    @Test func `one task of a handler reads while another sends`() async throws {
        let opened = Gate()
        try await withServer({ router in
            router.bidirectional(EchoMethods.echo) { requests, responses, _ throws(RPCError) in
                let sending = Gate()
                async let sent: Void = {
                    try await responses.send(EchoMessage("unasked"))
                    sending.open()
                    await opened.wait()
                    try await responses.send(EchoMessage("after the last request"))
                }()
                await sending.wait()
                var count: Int64 = 0
                while try await requests.next() != nil { count += 1 }
                opened.open()
                do { try await sent } catch { throw RPCError(.internalError, "\(error)") }
                try await responses.send(EchoMessage("requests", count))
            }
        }) { client, _ in
            let call = await client.call(Self.path, end: false)
            let first = framed(EchoMessage("unasked").encoded())
            var body: [UInt8] = []
            while body.count < first.count { body = await call.soFar.body }
            #expect(body == first)
            await call.send(frame(1) + frame(2), end: true)
            let rest = [EchoMessage("after the last request"), EchoMessage("requests", 2)].map { framed($0.encoded()) }
            #expect(await call.finished().body == first + rest[0] + rest[1])
        }
    }

    @Test func `requests may be read from another executor`() async throws {
        try await withServer({ router in
            router.clientStreaming(EchoMethods.echo) { requests, _ throws(RPCError) in
                EchoMessage("", try await Elsewhere().sum(requests))
            }
        }) { client, _ in
            let call = await client.call(Self.path, end: false)
            for number in 1...20 as ClosedRange<Int64> { await call.send(frame(number), end: number == 20) }
            #expect(await call.finished().body == frame(210))
        }
    }

    @Test(arguments: [true, false])
    func `a synchronous handler answers, with a task only where the authorizer waits`(waits: Bool) async throws {
        let seen = Sightings()
        try await withServer(
            authorizer: PromptAuthorizer(waits: waits),
            { router in
                router.synchronous(EchoMethods.echo) { request, call throws(RPCError) in
                    seen.note(withUnsafeCurrentTask { $0 == nil } ? "no task" : "task")
                    seen.note(CallContext.current === call ? "current" : "another")
                    if request.number == 13 { throw RPCError(.outOfRange, "13") }
                    call.responseTrailers.add("x-caller", call.caller.name)
                    return request
                }
            }
        ) { client, _ in
            let response = await client.call(Self.path, body: frame(7)).finished()
            #expect(response.body == frame(7))
            #expect(response["x-caller"] == "prompt")
            #expect(seen.all == [waits ? "task" : "no task", "current"])
            #expect(await client.call(Self.path, body: frame(13)).finished().status == "11")
            #expect(await client.call(Self.path, [("x-refuse", "no")], body: frame(1)).finished().status == "7")
            #expect(seen.count("current") == 2)
        }
    }

    @Test func `the current call is there in a handler and in the tasks it starts`() async throws {
        let seen = Sightings()
        try await withServer({ router in
            router.unary(EchoMethods.echo) { request, call throws(RPCError) in
                async let child = CallContext.current === call
                let inTask = await Task { CallContext.current === call }.value
                seen.note("\(CallContext.current === call) \(await child) \(inTask)")
                return request
            }
        }) { client, _ in
            _ = await client.call(Self.path, body: frame(1)).finished()
            #expect(seen.all == ["true true true"])
        }
    }
}

/// As ``TestAuthorizer``, at once or after having waited.
private struct PromptAuthorizer: ServerInterceptor {
    let waits: Bool

    func authorize(_ call: CallContext) async throws(RPCError) -> Caller {
        await Task.yield()
        return try decide(call)
    }

    func authorizeNow(_ call: CallContext) throws(RPCError) -> Caller? { waits ? nil : try decide(call) }

    private func decide(_ call: CallContext) throws(RPCError) -> Caller {
        if let reason = call.metadata["x-refuse"] { throw RPCError(.permissionDenied, reason) }
        return Caller(kind: .service("prompt"), name: "prompt")
    }
}

/// An actor whose executor is the main thread's, so that its methods run off every loop.
private actor Elsewhere {
    nonisolated var unownedExecutor: UnownedSerialExecutor { MainActor.sharedUnownedExecutor }

    func sum(_ requests: RequestStream<EchoMessage>) async throws(RPCError) -> Int64 {
        var sum: Int64 = 0
        while let request = try await requests.next() { sum += request.number }
        return sum
    }
}
