import RPC
import Testing

/// Retries against servers that fail on purpose: gRFC A6 over the wire.
@Suite(.serialized) struct RetryTests {
    private let patient = RetryPolicy(
        maxAttempts: 4, initialBackoff: .milliseconds(5), maxBackoff: .milliseconds(20))

    private func call(
        _ behaviour: String, _ metadata: [String: String] = [:], retries: RetryPolicy? = nil,
        _ configure: (inout ClientConfiguration) -> Void = { _ in }
    ) async throws -> Result<EchoMessage, RPCError> {
        let client = try HostileServer.client(behaviour, configure)
        defer { client.close() }
        var options = CallOptions(timeout: .seconds(60), retries: retries)
        for (name, value) in metadata { options.metadata.add(name, value) }
        do throws(RPCError) {
            return .success(try await client.unary(EchoMethods.echo, EchoMessage("x"), options))
        } catch {
            return .failure(error)
        }
    }

    @Test func `UNAVAILABLE is retried by the policy, and the server is told how often`() async throws {
        let response = try await call("unavailable_twice", retries: patient).get()
        #expect(response == EchoMessage("attempts", 2))
    }

    @Test func `without a policy nothing that a server saw is retried`() async throws {
        #expect(try await call("unavailable_twice") == .failure(RPCError(.unavailable, "later")))
    }

    @Test func `the client's own policy holds where the call names none`() async throws {
        let outcome = try await call("unavailable_twice") { $0.retryPolicy = patient }
        #expect(try outcome.get().number == 2)
    }

    @Test(arguments: [true, false]) func `methods that are read only are retried by default`(isReadOnly: Bool)
        async throws
    {
        let client = try HostileServer.client("unavailable_twice")
        defer { client.close() }
        let method = EchoMethod(service: EchoMethods.service, name: "Read", isReadOnly: isReadOnly)
        let error = await rpcError { () throws(RPCError) in
            _ = try await client.unary(method, EchoMessage("x"), timeout: .seconds(60))
        }
        #expect(error == (isReadOnly ? nil : RPCError(.unavailable, "later")))
    }

    @Test func `attempts are counted with the first`() async throws {
        let two = RetryPolicy(maxAttempts: 2, initialBackoff: .milliseconds(1))
        #expect(try await call("unavailable_twice", retries: two) == .failure(RPCError(.unavailable, "later")))
    }

    @Test(arguments: [("0", true), ("20", true), ("-1", false), ("never", false)])
    func `the server's pushback decides`(pushback: String, succeeds: Bool) async throws {
        let outcome = try await call("unavailable_twice", ["x-pushback": pushback], retries: patient)
        let succeeded = (try? outcome.get()) != nil
        #expect(succeeded == succeeds)
    }

    @Test func `pushback is waited out, unless the deadline would pass first`() async throws {
        let began = ContinuousClock.now
        _ = try await call("unavailable_twice", ["x-pushback": "150"], retries: patient).get()
        #expect(began.duration(to: .now) >= .milliseconds(300))
        let outcome = try await call("unavailable_twice", ["x-pushback": "90000"], retries: patient)
        #expect(outcome == .failure(RPCError(.unavailable, "later")))
    }

    @Test func `a call is committed once its headers have come`() async throws {
        #expect(
            try await call("unavailable_after_headers", retries: patient)
                == .failure(RPCError(.unavailable, "too late")))
    }

    @Test func `requests over the buffer are not sent again`() async throws {
        let outcome = try await call("unavailable_twice", retries: patient) { $0.retryBufferLimitBytes = 4 }
        #expect(outcome == .failure(RPCError(.unavailable, "later")))
    }

    @Test func `a spent budget stops retries`() async throws {
        let outcome = try await call("unavailable_twice", retries: patient) {
            $0.retryBudget = RetryBudget(maxTokens: 2, tokenRatio: 0.1)
        }
        #expect(outcome == .failure(RPCError(.unavailable, "later")))
    }

    @Test func `a stream's requests are sent again`() async throws {
        let client = try HostileServer.client("unavailable_twice")
        defer { client.close() }
        let response = try await client.clientStreaming(EchoMethods.echo, CallOptions(retries: patient)) {
            stream throws(RPCError) in
            for _ in 0..<3 { try await stream.send(EchoMessage("x")) }
        }
        #expect(response.number == 2)
    }

    // MARK: Transparent retries

    @Test func `a refused stream is made again without a policy, and is no attempt`() async throws {
        #expect(try await call("refuses_the_first").get() == EchoMessage("none", 2))
    }

    @Test func `a server that refuses for ever gets two attempts`() async throws {
        let outcome = try await call("resets", ["x-code": "7"])
        #expect(outcome == .failure(RPCError(.unavailable, "the server refused the stream")))
    }

    @Test func `a call that a GOAWAY leaves out goes to a new connection`() async throws {
        #expect(try await call("leaves_first_call_out").get() == EchoMessage("again", 1))
    }

    @Test func `a call that was not sent before the connection was lost is not lost`() async throws {
        #expect(try await call("drops_what_it_did_not_let_come").get() == EchoMessage("again", 1))
    }

    @Test func `after a GOAWAY old calls end, and new ones go to a new connection`() async throws {
        let client = try HostileServer.client("leaves_after_each_call")
        defer { client.close() }
        for number in 0..<5 {
            let response = try await client.unary(EchoMethods.echo, EchoMessage("x"), timeout: .seconds(60))
            #expect(response == EchoMessage("last", Int64(number)))
        }
    }
}
