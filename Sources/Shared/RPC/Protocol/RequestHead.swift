import HTTP2

/// What a request's header list says, as far as gRPC goes (PROTOCOL-HTTP2, Requests). Decides; answers nothing itself.
///
/// What is no gRPC is answered as HTTP: 415 for another content type, as the document asks, so that other clients
/// understand it; 405 for another method than POST.
struct RequestHead {
    enum Refusal: Equatable {
        /// Not gRPC: an HTTP status and nothing else.
        case http(Int)
        case status(RPCError)
    }

    /// The index of the field `:path`.
    var path: Int?
    var timeout: Duration?
    /// What compressed requests are compressed with.
    var encoding = Compression.identity
    /// Whether responses may be compressed with gzip.
    var acceptsGzip = false
    var refusal: Refusal?

    init(_ headers: borrowing HeaderBlock) {
        var isPost = false
        var isGRPC = false
        var next = headers.firstIndex
        while let index = next {
            next = headers.index(after: index)
            switch Name(headers, index) {
            case .method: isPost = headers.value(index, is: "POST")
            case .path: path = index
            case .contentType: isGRPC = Self.isGRPC(headers, index)
            case .timeout: readTimeout(headers.value(index))
            case .encoding: readEncoding(headers.value(index))
            case .acceptEncoding: acceptsGzip = Compression.listsGzip(headers.value(index))
            case .ignored, .custom: break
            }
        }
        if !isGRPC { refusal = .http(415) }
        if !isPost { refusal = .http(405) }
    }

    /// INTERNAL for a malformed one, as grpc-go and grpc-java answer; the specification leaves it open.
    private mutating func readTimeout(_ value: ArraySlice<UInt8>) {
        timeout = TimeoutHeader.parse(value)
        if timeout == nil {
            refusal = .status(RPCError(.internalError, "grpc-timeout: one to eight digits and one of H M S m u n"))
        }
    }

    /// UNIMPLEMENTED for an unknown one (gRPC's compression document); each response says what is known.
    private mutating func readEncoding(_ value: ArraySlice<UInt8>) {
        if let known = Compression(value) {
            encoding = known
        } else {
            let name = String(decoding: value.prefix(32), as: UTF8.self)
            refusal = .status(
                RPCError(.unimplemented, "grpc-encoding \(name) is not supported; identity and gzip are"))
        }
    }

    /// The fields that gRPC leaves to the application.
    static func metadata(_ headers: borrowing HeaderBlock) -> Metadata {
        var metadata = Metadata()
        for index in headers.indices {
            guard case .custom = Name(headers, index) else { continue }
            metadata.append(name: headers.name(index), value: headers.value(index))
        }
        return metadata
    }

    /// Whether a content type is `application/grpc`, alone, with parameters, or with `+proto`.
    static func isGRPC(_ headers: borrowing HeaderBlock, _ index: Int) -> Bool {
        let plain: StaticString = "application/grpc"
        guard headers.value(index, startsWith: plain) else { return false }
        if headers.valueCount(index) == plain.utf8CodeUnitCount { return true }
        let rest = headers.value(index).dropFirst(plain.utf8CodeUnitCount)
        guard let first = rest.first else { return true }
        if first == UInt8(ascii: ";") { return true }
        let proto = "+proto".utf8
        guard rest.prefix(proto.count).elementsEqual(proto) else { return false }
        let parameters = rest.dropFirst(proto.count).first
        return parameters == nil || parameters == UInt8(ascii: ";")
    }

    /// The names that mean something to gRPC.
    private enum Name {
        case method, path, contentType, timeout, encoding, acceptEncoding, ignored, custom

        /// By length first: one comparison for a name that is known, none for most others.
        init(_ headers: borrowing HeaderBlock, _ index: Int) {
            switch headers.nameCount(index) {
            case 2: self = headers.isNamed(index, "te") ? .ignored : .custom
            case 5: self = headers.isNamed(index, ":path") ? .path : .custom
            case 7:
                if headers.isNamed(index, ":method") {
                    self = .method
                } else {
                    self = headers.isNamed(index, ":scheme") ? .ignored : .custom
                }
            case 10: self = headers.isNamed(index, ":authority") ? .ignored : .custom
            case 12:
                if headers.isNamed(index, "content-type") {
                    self = .contentType
                } else {
                    self = headers.isNamed(index, "grpc-timeout") ? .timeout : .custom
                }
            case 13: self = headers.isNamed(index, "grpc-encoding") ? .encoding : .custom
            case 20: self = headers.isNamed(index, "grpc-accept-encoding") ? .acceptEncoding : .custom
            default: self = headers.isPseudo(index) ? .ignored : .custom
            }
        }
    }
}
