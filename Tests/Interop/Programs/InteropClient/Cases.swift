import InteropShared
import RPC
import Wire

/// The cases of gRPC's interop test description, each a function that throws when the case does not hold.
struct Cases {
    typealias Case = @Sendable (Cases) async throws -> Void

    let client: RPCClient
    let soak: SoakPlan
    /// Gives a client with a connection of its own.
    let connect: @Sendable () -> RPCClient

    static let timeout = Duration.seconds(30)
    static let requestSizes = [27182, 8, 1828, 45904]
    static let responseSizes: [Int32] = [31415, 9, 2653, 58979]

    static let all: [(name: String, run: Case)] = [
        ("empty_unary", { try await $0.emptyUnary() }),
        ("large_unary", { try await $0.largeUnary() }),
        ("client_compressed_unary", { try await $0.clientCompressedUnary() }),
        ("server_compressed_unary", { try await $0.serverCompressedUnary() }),
        ("client_streaming", { try await $0.clientStreaming() }),
        ("client_compressed_streaming", { try await $0.clientCompressedStreaming() }),
        ("server_streaming", { try await $0.serverStreaming() }),
        ("server_compressed_streaming", { try await $0.serverCompressedStreaming() }),
        ("ping_pong", { try await $0.pingPong() }),
        ("empty_stream", { try await $0.emptyStream() }),
        ("half_duplex", { try await $0.halfDuplex() }),
        ("slow_consumer", { try await $0.slowConsumer() }),
        ("timeout_on_sleeping_server", { try await $0.timeoutOnSleepingServer() }),
        ("cancel_after_begin", { try await $0.cancelAfterBegin() }),
        ("cancel_after_first_response", { try await $0.cancelAfterFirstResponse() }),
        ("custom_metadata", { try await $0.customMetadata() }),
        ("status_code_and_message", { try await $0.statusCodeAndMessage() }),
        ("special_status_message", { try await $0.specialStatusMessage() }),
        ("unimplemented_method", { try await $0.unimplementedMethod() }),
        ("unimplemented_service", { try await $0.unimplementedService() }),
        ("rpc_soak", { try await $0.rpcSoak() }),
        ("channel_soak", { try await $0.channelSoak() }),
    ]

    typealias Duplex = ClientStream<StreamingOutputCallRequest, StreamingOutputCallResponse>

    static func options(_ compression: Compression = .identity, _ metadata: Metadata = Metadata()) -> CallOptions {
        CallOptions(timeout: timeout, metadata: metadata, compression: compression)
    }

    /// 271,828 zeros that ask for 314,159.
    static func largeRequest() -> SimpleRequest {
        .with {
            $0.responseSize = 314_159
            $0.payload = Payload(size: 271_828)
        }
    }

    static func output(_ sizes: [Int32], payload: Int? = nil) -> StreamingOutputCallRequest {
        .with {
            $0.responseParameters = sizes.map { size in .with { $0.size = size } }
            $0.payload = payload.map { Payload(size: $0) }
        }
    }

    /// Reads up to the end: zeros of these sizes, and nothing more.
    static func expectResponses(_ stream: Duplex, _ sizes: [Int32]) async throws {
        for size in sizes {
            guard let response = try await stream.next() else {
                throw CaseFailure("the stream ended before the response of \(size) bytes")
            }
            try expectZeros(response.payload, Int(size))
        }
        guard try await stream.next() == nil else { throw CaseFailure("more than \(sizes.count) responses") }
    }
}
