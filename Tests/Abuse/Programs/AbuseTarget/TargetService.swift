import RPC
import Wire

struct TargetMessage: Message {
    static let protoName = "parapet.abuse.v1.TargetMessage"
    /// Milliseconds, or a count.
    var number: Int64 = 0
    var payload: [UInt8] = []
    var text = ""
    /// For messages that nest.
    var child: [TargetMessage] = []
    var unknownFields = UnknownFields()

    init() {}

    mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.int64(1, "number", &number)
        try visitor.bytes(2, "payload", &payload)
        try visitor.string(3, "text", &text)
        try visitor.repeated(4, "child", &child)
    }
}

/// Handlers of every kind that an attack may be aimed at.
struct TargetService: RPCService {
    static let serviceName = "parapet.abuse.v1.Target"

    private static func method(_ name: String) -> Method<TargetMessage, TargetMessage> {
        Method(service: serviceName, name: name)
    }

    func register(on router: inout Router) {
        router.unary(Self.method("Echo")) { request, _ throws(RPCError) in request }
        // As long as it is told to, unless it is cancelled.
        router.unary(Self.method("Wait")) { request, _ throws(RPCError) in
            do { try await Task.sleep(for: .milliseconds(request.number)) } catch {
                throw RPCError(.cancelled, "cancelled")
            }
            return request
        }
        // As long as it is told to, even if it is cancelled.
        router.unary(Self.method("Stubborn")) { request, _ throws(RPCError) in
            await Task.detached { try? await Task.sleep(for: .milliseconds(request.number)) }.value
            return request
        }
        // `number` copies of the payload.
        router.serverStreaming(Self.method("Count")) { request, stream, _ throws(RPCError) in
            var message = request
            for number in 0..<request.number {
                message.number = number
                try await stream.send(message)
            }
        }
        // Reads one request, then none.
        router.bidirectional(Self.method("Ignore")) { requests, responses, _ throws(RPCError) in
            guard let first = try await requests.next() else { return }
            do { try await Task.sleep(for: .milliseconds(first.number)) } catch {
                throw RPCError(.cancelled, "cancelled")
            }
            try await responses.send(first)
        }
    }
}
