import RPC
import Testing

struct CancellationTests {
    @Test func `cancelling the client's task reaches the handler`() async throws {
        let pair = try await EchoPair()
        let task = Task {
            await rpcError { () async throws(RPCError) in
                _ = try await pair.client.unary(EchoMethods.wait, EchoMessage())
            }
        }
        #expect(await eventually { pair.seen.all.contains("waiting") })
        task.cancel()
        #expect(await task.value?.code == .cancelled)
        #expect(await eventually { pair.seen.all.contains("cancelled") })
        await pair.close()
    }

    @Test func `a passed deadline ends the call on both sides`() async throws {
        let pair = try await EchoPair()
        var timeout = Duration.milliseconds(50)
        // On a busy machine the time is over before the handler has begun.
        while !pair.seen.all.contains("waiting"), timeout < .seconds(60) {
            let error = await rpcError { [timeout] () async throws(RPCError) in
                _ = try await pair.client.unary(EchoMethods.wait, EchoMessage(), timeout: timeout)
            }
            #expect(error?.code == .deadlineExceeded)
            timeout *= 2
        }
        #expect(await eventually { pair.seen.all.contains("cancelled") })
        await pair.close()
    }

    @Test func `a deadline that has passed already reaches no handler`() async throws {
        let pair = try await EchoPair()
        let error = await rpcError { () async throws(RPCError) in
            _ = try await pair.client.unary(EchoMethods.wait, EchoMessage(), timeout: .zero)
        }
        #expect(error?.code == .deadlineExceeded)
        #expect(pair.seen.all.isEmpty)
        await pair.close()
    }

    @Test func `closing the client's connection cancels its handlers`() async throws {
        let pair = try await EchoPair()
        async let error = rpcError { () async throws(RPCError) in
            _ = try await pair.client.unary(EchoMethods.wait, EchoMessage())
        }
        #expect(await eventually { pair.seen.all.contains("waiting") })
        pair.client.close()
        #expect(await error?.code == .cancelled)
        #expect(await eventually { pair.seen.all.contains("cancelled") })
        await pair.server.shutdown(grace: .zero)
    }

    @Test func `a call of a cancelled task is not made`() async throws {
        let pair = try await EchoPair()
        let task = Task {
            try? await Task.sleep(for: .seconds(30))
            return await rpcError { () async throws(RPCError) in
                _ = try await pair.client.unary(EchoMethods.wait, EchoMessage())
            }
        }
        task.cancel()
        #expect(await task.value?.code == .cancelled)
        #expect(pair.seen.all.isEmpty)
        await pair.close()
    }
}
