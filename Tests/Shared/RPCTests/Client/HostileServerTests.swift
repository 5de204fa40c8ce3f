import RPC
import Testing

/// What a client makes of servers that do not keep to HTTP/2 or gRPC: a clear status, within bounded time and memory.
@Suite(.serialized) struct HostileServerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let behaviour: String
        let code: StatusCode
        var says = ""
        var metadata: [String: String] = [:]
        /// How long the call may take; stalls are ended by it.
        var timeout: Duration = .seconds(60)
        var configure: @Sendable (inout ClientConfiguration) -> Void = { _ in }

        var testDescription: String { ([behaviour] + metadata.values).joined(separator: " ") }
    }

    private func outcome(_ test: Case) async throws -> RPCError? {
        let client = try HostileServer.client(test.behaviour, test.configure)
        defer { client.close() }
        var options = CallOptions(timeout: test.timeout)
        for (name, value) in test.metadata { options.metadata.add(name, value) }
        return await rpcError { () throws(RPCError) in
            _ = try await client.unary(EchoMethods.echo, EchoMessage("x"), options)
        }
    }

    private func check(_ test: Case) async throws {
        let error = try await outcome(test)
        #expect((error?.code ?? .ok) == test.code, "\(error?.description ?? "")")
        #expect(test.says.isEmpty || error?.message.contains(test.says) == true, "\(error?.description ?? "")")
    }

    // MARK: Connections

    private static let quick: @Sendable (inout ClientConfiguration) -> Void = {
        $0.backoff.initial = .milliseconds(300)
        $0.backoff.minConnectTimeout = .milliseconds(300)
    }

    @Test(arguments: [
        Case(behaviour: "silent", code: .unavailable, says: "no HTTP/2 within the connect time", configure: quick),
        Case(behaviour: "stops_in_a_frame", code: .unavailable, says: "no HTTP/2", configure: quick),
        Case(behaviour: "closes_at_once", code: .unavailable),
        Case(behaviour: "speaks_http1", code: .unavailable, says: "HTTP/2 protocol"),
        Case(behaviour: "speaks_garbage", code: .unavailable, says: "HTTP/2 protocol"),
        Case(behaviour: "settings_too_late", code: .unavailable, says: "HTTP/2 protocol"),
    ])
    func `a connection that is no HTTP/2 ends as UNAVAILABLE`(test: Case) async throws { try await check(test) }

    @Test(arguments: [
        Case(behaviour: "silent", code: .unavailable, says: "", configure: quick),
        Case(behaviour: "closes_at_once", code: .unavailable, says: "", configure: quick),
        Case(behaviour: "speaks_garbage", code: .unavailable, says: "", configure: quick),
    ])
    func `a TLS handshake that comes to nothing ends as UNAVAILABLE`(test: Case) async throws {
        var encrypted = test
        encrypted.configure = { [configure = test.configure] in
            configure(&$0)
            $0.tls = ClientTLS(caFile: "")
        }
        try await check(encrypted)
    }

    @Test(arguments: [
        Case(behaviour: "tls_answers", code: .ok),
        Case(behaviour: "tls_cuts_in_a_message", code: .unavailable, says: "closed"),
        Case(behaviour: "tls_breaks_in_a_message", code: .unavailable, says: "TLS"),
        Case(behaviour: "tls_without_http2", code: .unavailable, says: "TLS"),
    ])
    func `a TLS connection that is cut or broken ends as UNAVAILABLE`(test: Case) async throws {
        var encrypted = test
        encrypted.configure = { $0.tls = ClientTLS(caFile: HostileServer.shared?.certFile ?? "") }
        try await check(encrypted)
    }

    // MARK: Floods

    @Test(arguments: [
        Case(behaviour: "floods_settings", code: .unavailable),
        Case(behaviour: "floods_empty_settings", code: .unavailable),
        Case(behaviour: "floods_pings", code: .unavailable),
        Case(behaviour: "floods_priorities", code: .unavailable),
        Case(behaviour: "floods_window_updates", code: .unavailable),
        Case(behaviour: "floods_unknown_frames", code: .unavailable),
        Case(behaviour: "floods_empty_data", code: .unavailable),
        Case(behaviour: "floods_continuations", code: .unavailable),
        Case(behaviour: "floods_informational_headers", code: .internalError, says: "informational"),
        Case(behaviour: "floods_goaways", code: .ok, configure: { $0.keepaliveTime = .seconds(330) }),
        Case(behaviour: "floods_data", code: .unimplemented),
        Case(behaviour: "endless_messages", code: .unimplemented),
        Case(behaviour: "pushes", code: .unavailable, says: "HTTP/2 protocol"),
        Case(behaviour: "header_bomb", code: .resourceExhausted, says: "header list"),
        Case(behaviour: "long_header_list", code: .resourceExhausted, says: "header list"),
        Case(behaviour: "length_over_limit", code: .resourceExhausted, says: "4294967295"),
        Case(behaviour: "compression_bomb", code: .resourceExhausted, says: "inflated response"),
    ])
    func `a flood ends the call, and costs no memory`(test: Case) async throws {
        let before = HostileServer.residentBytes()
        try await check(test)
        #expect(HostileServer.residentBytes() - before < 64 << 20)
    }

    @Test(arguments: [("floods_data", StatusCode.internalError), ("floods_small_messages", .deadlineExceeded)])
    func `a server that sends more than is read is held back or left`(
        behaviour: String, code: StatusCode
    ) async throws {
        let client = try HostileServer.client(behaviour)
        defer { client.close() }
        let before = HostileServer.residentBytes()
        let stream = try client.open(EchoMethods.count, CallOptions(timeout: .milliseconds(700)))
        stream.finish()
        _ = try await stream.headers()
        try await Task.sleep(for: .milliseconds(500))
        #expect(HostileServer.residentBytes() - before < 64 << 20)
        let error = await rpcError { () throws(RPCError) in while try await stream.next() != nil {} }
        #expect(error?.code == code, "\(error?.description ?? "")")
    }

    // MARK: Stalls

    private static let short = Duration.milliseconds(300)

    @Test(arguments: [
        Case(behaviour: "never_answers", code: .deadlineExceeded, timeout: short),
        Case(behaviour: "stops_in_a_message", code: .deadlineExceeded, timeout: short),
        Case(behaviour: "takes_no_streams", code: .deadlineExceeded, timeout: short),
        Case(behaviour: "takes_no_data", code: .deadlineExceeded, timeout: short),
        Case(behaviour: "takes_no_call", code: .unavailable, timeout: .seconds(2)),
        Case(behaviour: "closes_in_a_message", code: .unavailable, says: "closed"),
    ])
    func `a stall ends at the deadline, a lost connection at once`(test: Case) async throws { try await check(test) }

    @Test func `a sender waits while the server takes nothing`() async throws {
        let client = try HostileServer.client("takes_no_data")
        defer { client.close() }
        let before = HostileServer.residentBytes()
        let stream = try client.open(EchoMethods.echo, CallOptions(timeout: .milliseconds(500)))
        var sent = 0
        let error = await rpcError { () throws(RPCError) in
            while true {
                try await stream.send(EchoMessage(payload: [UInt8](repeating: 1, count: 10_000)))
                sent += 1
            }
        }
        #expect(error?.code == .deadlineExceeded)
        #expect(sent < 20)
        #expect(HostileServer.residentBytes() - before < 64 << 20)
    }

    // MARK: Wrong responses

    @Test(arguments: [
        Case(behaviour: "no_status", code: .unknown, says: "without a status"),
        Case(behaviour: "no_trailers", code: .unknown, says: "without a status"),
        Case(behaviour: "headers_alone", code: .unknown, says: "without a status"),
        Case(behaviour: "trailers_without_type", code: .unknown, says: "application/grpc"),
        Case(behaviour: "trailers_without_http_status", code: .internalError),
        Case(behaviour: "status_word", code: .unknown, says: "fine"),
        Case(behaviour: "status_empty", code: .unknown),
        Case(behaviour: "status_out_of_range", code: .unknown, says: "as it is"),
        Case(behaviour: "status_huge", code: .unknown),
        Case(behaviour: "status_negative", code: .unknown),
        Case(behaviour: "status_signed", code: .unknown),
        Case(behaviour: "status_fraction", code: .unknown),
        Case(behaviour: "bad_percent_coding", code: .invalidArgument, says: "100%zz %4 \u{fffd}€%"),
        Case(behaviour: "long_message", code: .failedPrecondition, says: "mmm"),
        Case(behaviour: "bad_details", code: .failedPrecondition, says: "no"),
        Case(behaviour: "no_message", code: .unimplemented),
        Case(behaviour: "two_messages", code: .unimplemented),
        Case(behaviour: "length_over_data", code: .internalError, says: "not complete"),
        Case(behaviour: "length_under_data", code: .unimplemented),
        Case(behaviour: "bad_flag", code: .internalError, says: "malformed message frame"),
        Case(behaviour: "compressed_unannounced", code: .internalError, says: "without grpc-encoding"),
        Case(behaviour: "compressed_unknown", code: .internalError, says: "snappy"),
        Case(behaviour: "compressed_badly", code: .internalError, says: "gzip"),
        Case(behaviour: "compressed_cut", code: .internalError, says: "gzip"),
        Case(behaviour: "no_protobuf", code: .internalError, says: "EchoMessage"),
        Case(behaviour: "data_before_headers", code: .unavailable, says: "HTTP/2 protocol"),
        Case(behaviour: "upper_case_names", code: .internalError),
        Case(behaviour: "third_header_list", code: .internalError),
        Case(behaviour: "data_after_the_end", code: .ok),
        Case(behaviour: "informational", code: .ok),
    ])
    func `a wrong response ends as the status that gRPC has for it`(test: Case) async throws { try await check(test) }

    @Test(arguments: [
        ("400", StatusCode.internalError), ("401", .unauthenticated), ("403", .permissionDenied),
        ("404", .unimplemented), ("429", .unavailable), ("502", .unavailable), ("503", .unavailable),
        ("504", .unavailable), ("500", .unknown), ("302", .unknown), ("200", .unknown),
    ])
    func `an answer of HTTP is mapped by its status`(status: String, code: StatusCode) async throws {
        for behaviour in ["http_status", "http_status_alone"] {
            try await check(Case(behaviour: behaviour, code: code, metadata: ["x-http": status]))
        }
    }

    /// PROTOCOL-HTTP2, "Errors".
    @Test(arguments: 0...14) func `a reset is mapped by its code`(code: Int) async throws {
        let expected: [Int: StatusCode] = [
            7: .unavailable, 8: .cancelled, 11: .resourceExhausted, 12: .permissionDenied,
        ]
        try await check(
            Case(behaviour: "resets", code: expected[code] ?? .internalError, metadata: ["x-code": "\(code)"]))
    }
}
