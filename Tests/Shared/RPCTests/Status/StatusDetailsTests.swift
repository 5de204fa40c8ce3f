import Testing
import Wire

@testable import RPC

struct StatusDetailsTests {
    private static let details: [StatusDetail] = [
        .badRequest([
            FieldViolation(field: "name", description: "1 to 64 bytes"),
            FieldViolation(field: "filter.status", description: "unknown"),
        ]),
        .errorInfo(ErrorInfo(reason: "ACCOUNT_DISABLED", metadata: ["account": "a1"])),
        .retryInfo(delay: .milliseconds(1500)),
        .other(typeURL: "type.googleapis.com/google.rpc.Help", value: [1, 2, 3]),
    ]

    @Test func `details come back as they were sent`() throws {
        let error = RPCError(.invalidArgument, "name: 1 to 64 bytes", details: Self.details)
        let bytes = try #require(error.encodedStatus())
        #expect(RPCError.details(in: bytes, code: .invalidArgument) == Self.details)
    }

    /// What Python's `googleapis-common-protos` makes of them.
    private static let published: [(error: RPCError, bytes: [UInt8])] = [
        (
            RPCError(
                .failedPrecondition, "no",
                details: [.errorInfo(ErrorInfo(reason: "R", domain: "d", metadata: ["k": "v"]))]),
            [
                8, 9, 18, 2, 110, 111, 26, 58, 10, 40, 116, 121, 112, 101, 46, 103, 111, 111, 103, 108, 101, 97, 112,
                105, 115, 46, 99, 111, 109, 47, 103, 111, 111, 103, 108, 101, 46, 114, 112, 99, 46, 69, 114, 114, 111,
                114, 73, 110, 102, 111, 18, 14, 10, 1, 82, 18, 1, 100, 26, 6, 10, 1, 107, 18, 1, 118,
            ]
        ),
        (
            RPCError(
                .resourceExhausted, "no",
                details: [
                    .badRequest([FieldViolation(field: "a", description: "b")]),
                    .retryInfo(delay: .milliseconds(1500)),
                ]),
            [
                8, 8, 18, 2, 110, 111, 26, 53, 10, 41, 116, 121, 112, 101, 46, 103, 111, 111, 103, 108, 101, 97, 112,
                105, 115, 46, 99, 111, 109, 47, 103, 111, 111, 103, 108, 101, 46, 114, 112, 99, 46, 66, 97, 100, 82,
                101, 113, 117, 101, 115, 116, 18, 8, 10, 6, 10, 1, 97, 18, 1, 98, 26, 54, 10, 40, 116, 121, 112, 101,
                46, 103, 111, 111, 103, 108, 101, 97, 112, 105, 115, 46, 99, 111, 109, 47, 103, 111, 111, 103, 108,
                101, 46, 114, 112, 99, 46, 82, 101, 116, 114, 121, 73, 110, 102, 111, 18, 10, 10, 8, 8, 1, 16, 128,
                202, 181, 238, 1,
            ]
        ),
    ]

    @Test func `details are the bytes that others make, both ways`() {
        for (error, bytes) in Self.published {
            #expect(error.encodedStatus() == bytes)
            #expect(RPCError.details(in: bytes, code: error.code) == error.details)
        }
    }

    @Test func `a status of another code, or that cannot be read, has no details`() throws {
        let bytes = try #require(RPCError(.aborted, "x", details: Self.details).encodedStatus())
        #expect(RPCError.details(in: bytes, code: .notFound).isEmpty)
        #expect(RPCError.details(in: Array(bytes.dropLast()), code: .aborted).isEmpty)
    }

    @Test func `a detail that cannot be read stays as it came`() throws {
        let broken = StatusDetail.other(typeURL: "type.googleapis.com/google.rpc.RetryInfo", value: [0x0a, 9])
        let bytes = try #require(RPCError(.aborted, "x", details: [broken]).encodedStatus())
        #expect(RPCError.details(in: bytes, code: .aborted) == [broken])
    }

    @Test func `details that are too long are left out`() {
        let long = StatusDetail.other(typeURL: "a/b", value: [UInt8](repeating: 0, count: 5000))
        #expect(RPCError(.aborted, "x", details: [long]).encodedStatus() == nil)
    }

    @Test func `a client finds the details of a server's error`() async throws {
        var router = Router()
        router.unary(EchoMethods.fail) { _, _ throws(RPCError) in
            throw RPCError(.failedPrecondition, "off", details: Self.details)
        }
        let server = try await RPCServer.start(
            ServerConfiguration(allowPlaintext: true), router: router, authorizer: TestAuthorizer())
        let client = RPCClient(ClientConfiguration(host: "127.0.0.1", port: server.port, allowPlaintext: true))
        let error = await rpcError { () async throws(RPCError) in
            _ = try await client.unary(EchoMethods.fail, EchoMessage())
        }
        #expect(error == RPCError(.failedPrecondition, "off", details: Self.details))
        client.close()
        await server.shutdown(grace: .zero)
    }
}
