import HTTP2
import Platform

/// How a status and the start of a response look as header lists (PROTOCOL-HTTP2, Responses).
enum StatusHeaders {
    static let responseStart = ConstantHeaders([
        (":status", "200"), ("content-type", "application/grpc"), ("grpc-accept-encoding", Compression.accepted),
    ])
    static let ok = ConstantHeaders([("grpc-status", "0")])
    private static let detailsName = "grpc-status-details-bin"

    /// The header list that begins a response, where ``responseStart`` does not say all.
    ///
    /// - Parameter gzip: Whether messages may come compressed.
    static func start(_ metadata: Metadata, gzip: Bool = false) -> OutgoingHeaders {
        var block = HeaderBlock()
        addStart(&block)
        if gzip { block.add("grpc-encoding", "gzip") }
        add(metadata, to: &block)
        return .block(block)
    }

    /// The trailers that end a response; nil for success.
    static func trailers(_ error: RPCError?, _ metadata: Metadata) -> OutgoingHeaders {
        if error == nil, metadata.isEmpty { return .constant(ok) }
        var block = HeaderBlock()
        addStatus(error, to: &block)
        add(metadata, to: &block)
        return .block(block)
    }

    /// A response that is a status and nothing else.
    static func trailersOnly(_ error: RPCError?, _ metadata: Metadata) -> OutgoingHeaders {
        var block = HeaderBlock()
        addStart(&block)
        addStatus(error, to: &block)
        add(metadata, to: &block)
        return .block(block)
    }

    /// For a peer that does not speak gRPC: POST alone is allowed, of `application/grpc` (RFC 9110, 15.5.6 and 15.5.16).
    static func http(_ status: Int) -> OutgoingHeaders {
        var block = HeaderBlock()
        block.add(":status", String(status))
        if status == 405 { block.add("allow", "POST") }
        block.add("content-type", "text/plain")
        return .block(block)
    }

    /// What a person reads who came by browser.
    static let httpBody = "This is a gRPC server: it takes POST requests of application/grpc.\n"

    private static func addStart(_ block: inout HeaderBlock) {
        block.add(":status", "200")
        block.add("content-type", "application/grpc")
        block.add("grpc-accept-encoding", constant: Compression.accepted)
    }

    private static func addStatus(_ error: RPCError?, to block: inout HeaderBlock) {
        block.add("grpc-status", String((error?.code ?? .ok).rawValue))
        guard let error else { return }
        if !error.message.isEmpty {
            block.add("grpc-message".utf8, PercentCoding.encode(String(error.message.prefix(4096))))
        }
        if let details = error.encodedStatus() { block.add(detailsName.utf8, Base64.encode(details.span, .metadata)) }
    }

    private static func add(_ metadata: Metadata, to block: inout HeaderBlock) {
        metadata.forEachOnWire { block.add($0, $1) }
    }

    /// What a client makes of a response's last header list.
    ///
    /// - Parameter isOnly: Whether it is also the first one.
    static func result(_ headers: borrowing HeaderBlock, isOnly: Bool) -> Result<Void, RPCError> {
        if isOnly, let error = refusedStart(headers) { return .failure(error) }
        guard let index = headers.first("grpc-status") else {
            return .failure(RPCError(.unknown, "the server ended the call without a status"))
        }
        if headers.value(index, is: "0") { return .success(()) }
        let text = headers.text(index)
        guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = Int32(text) else {
            return .failure(RPCError(.unknown, "the server sent the status \"\(text.prefix(32))\""))
        }
        if number == 0 { return .success(()) }
        let message = headers.first("grpc-message").map { PercentCoding.decode(headers.value($0)) } ?? ""
        let code = StatusCode(rawValue: number) ?? .unknown
        let details =
            headers.first("grpc-status-details-bin").flatMap { headers.withValue($0) { Base64.decode($0, .metadata) } }
            ?? []
        return .failure(RPCError(code, message, details: RPCError.details(in: details, code: code)))
    }

    /// Whether a response's header list has status 1xx.
    static func isInformational(_ headers: borrowing HeaderBlock) -> Bool {
        guard let index = headers.first(":status") else { return false }
        return headers.valueCount(index) == 3 && headers.value(index, startsWith: "1")
    }

    /// Why a response's first header list is not the start of a gRPC response.
    static func refusedStart(_ headers: borrowing HeaderBlock) -> RPCError? {
        guard let index = headers.first(":status"), headers.value(index, is: "200") else {
            let status = headers[":status"] ?? ""
            if headers.first("grpc-status") != nil { return nil }
            return RPCError(StatusCode(httpStatus: Int(status) ?? 0), "the server answered with HTTP status \(status)")
        }
        guard let type = headers.first("content-type"), RequestHead.isGRPC(headers, type) else {
            return RPCError(.unknown, "the server's response is not application/grpc")
        }
        if let encoding = headers.first("grpc-encoding"), Compression(headers.value(encoding)) == nil {
            let name = headers.text(encoding).prefix(32)
            return RPCError(.internalError, "the server compressed with \(name), which was not offered")
        }
        return nil
    }
}
