import RPC
import Synchronization
import Wire

/// The messages and the service that the tests of this folder call.
struct EchoMessage: Message {
    static let protoName = "parapet.test.v1.EchoMessage"
    var text = ""
    var number: Int64 = 0
    var payload: [UInt8] = []
    var unknownFields = UnknownFields()

    init() {}

    init(_ text: String = "", _ number: Int64 = 0, payload: [UInt8] = []) {
        self.text = text
        self.number = number
        self.payload = payload
    }

    mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "text", &text)
        try visitor.int64(2, "number", &number)
        try visitor.bytes(3, "payload", &payload)
    }
}

typealias EchoMethod = Method<EchoMessage, EchoMessage>

enum EchoMethods {
    static let service = "parapet.test.v1.Echo"
    static let echo = EchoMethod(service: service, name: "Echo")
    static let count = EchoMethod(service: service, name: "Count")
    static let fail = EchoMethod(service: service, name: "Fail")
    static let wait = EchoMethod(service: service, name: "Wait")
    static let describe = EchoMethod(service: service, name: "Describe")
    static let missing = EchoMethod(service: service, name: "Missing")
    static let elsewhere = EchoMethod(service: "parapet.test.v1.Nothing", name: "Echo")
}

/// What handlers have seen, for tests to look at.
final class Sightings: Sendable {
    private let state = Mutex<[String]>([])

    func note(_ what: String) { state.withLock { $0.append(what) } }
    var all: [String] { state.withLock { $0 } }
    func count(_ what: String) -> Int { all.count { $0 == what } }
}

struct EchoService: RPCService {
    static let serviceName = EchoMethods.service
    let seen: Sightings

    func register(on router: inout Router) {
        router.unary(EchoMethods.echo) { request, _ throws(RPCError) in request }
        router.unary(EchoMethods.fail) { request, _ throws(RPCError) in
            throw RPCError(StatusCode(rawValue: Int32(truncatingIfNeeded: request.number)) ?? .unknown, request.text)
        }
        router.unary(EchoMethods.wait) { request, call throws(RPCError) in try await wait(request, call) }
        router.unary(EchoMethods.describe) { _, call throws(RPCError) in describe(call) }
        // `number` messages with the request's payload.
        router.serverStreaming(EchoMethods.count) { request, stream, _ throws(RPCError) in
            for number in 0..<request.number {
                do throws(RPCError) {
                    try await stream.send(EchoMessage(request.text, number, payload: request.payload))
                } catch {
                    seen.note("send failed: \(error.code.name)")
                    throw error
                }
                seen.note("sent")
            }
        }
    }

    /// Ends only when it is cancelled.
    private func wait(_ request: EchoMessage, _ call: CallContext) async throws(RPCError) -> EchoMessage {
        seen.note("waiting")
        do { try await Task.sleep(for: .seconds(30)) } catch {
            seen.note(call.isCancelled ? "cancelled" : "task cancelled")
            throw RPCError(.cancelled, "cancelled")
        }
        return request
    }

    private func describe(_ call: CallContext) -> EchoMessage {
        call.responseHeaders.add("x-header", "1")
        call.responseTrailers.add("x-trailer-bin", bytes: [0, 255])
        let parts = [
            call.service, call.method, call.metadata["x-text"] ?? "-",
            call.metadata.bytes("x-data-bin").map { "\($0)" } ?? "-", call.caller.name,
            call.peer.uriNames.joined(separator: ","), call.deadline == nil ? "no deadline" : "deadline",
        ]
        return EchoMessage(parts.joined(separator: "|"))
    }
}

/// Lets everyone in but whoever says otherwise in the header `x-refuse`.
struct TestAuthorizer: ServerInterceptor {
    func authorize(_ call: CallContext) async throws(RPCError) -> Caller {
        if let reason = call.metadata["x-refuse"] { throw RPCError(.permissionDenied, reason) }
        return Caller(kind: .person(.viewer), name: "tester")
    }
}

/// A server with the echo service, and a client for it.
struct EchoPair {
    let server: RPCServer
    let client: RPCClient
    let seen = Sightings()

    /// Over plain text on loopback unless both TLS identities are given.
    init(
        server tls: ServerTLS? = nil, client clientTLS: ClientTLS? = nil,
        configure: (inout ServerConfiguration) -> Void = { _ in },
        configureClient: (inout ClientConfiguration) -> Void = { _ in }
    ) async throws {
        var configuration = ServerConfiguration(tls: tls, allowPlaintext: tls == nil)
        configure(&configuration)
        var router = Router()
        router.add(EchoService(seen: seen))
        server = try await RPCServer.start(configuration, router: router, authorizer: TestAuthorizer())
        var target = ClientConfiguration(
            host: "127.0.0.1", port: server.port, tls: clientTLS, allowPlaintext: clientTLS == nil)
        configureClient(&target)
        client = RPCClient(target)
    }

    func close() async {
        client.close()
        await server.shutdown(grace: .zero)
    }
}

/// Waits for a state, a minute at most.
func eventually(_ condition: () -> Bool) async -> Bool {
    let limit = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < limit {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(2))
    }
    return condition()
}

/// The error that `body` throws; nil when it throws none.
func rpcError(_ body: () async throws(RPCError) -> Void) async -> RPCError? {
    do throws(RPCError) {
        try await body()
        return nil
    } catch {
        return error
    }
}
