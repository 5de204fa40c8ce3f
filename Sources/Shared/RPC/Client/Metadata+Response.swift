import HTTP2

extension Metadata {
    /// The custom fields of a response's header list: what gRPC itself uses is left out.
    init(response headers: borrowing HeaderBlock) {
        self.init()
        for index in headers.indices where !Self.isReserved(headers, index) {
            append(name: headers.name(index), value: headers.value(index))
        }
    }

    private static func isReserved(_ headers: borrowing HeaderBlock, _ index: Int) -> Bool {
        if headers.isPseudo(index) { return true }
        return headers.isNamed(index, "content-type") || headers.isNamed(index, "grpc-status")
            || headers.isNamed(index, "grpc-message") || headers.isNamed(index, "grpc-encoding")
            || headers.isNamed(index, "grpc-accept-encoding")
    }
}
