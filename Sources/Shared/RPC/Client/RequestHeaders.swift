import HTTP2

/// The header lists that begin calls. What is the same in each is put together once.
struct RequestHeaders {
    private var beforePath = HeaderBlock()
    private var behindPath = HeaderBlock()
    private let authorization: String?

    init(_ configuration: ClientConfiguration) {
        beforePath.add(":method", "POST")
        beforePath.add(":scheme", configuration.tls == nil ? "http" : "https")
        beforePath.add(":authority", Self.authority(configuration))
        behindPath.add("te", "trailers")
        behindPath.add("content-type", "application/grpc")
        behindPath.add("user-agent", configuration.userAgent)
        behindPath.add("grpc-accept-encoding", constant: Compression.accepted)
        authorization = configuration.bearerToken.map { "Bearer \($0)" }
    }

    func make(path: String, timeout: Duration?, previousAttempts: Int, _ options: CallOptions) -> HeaderBlock {
        var block = beforePath
        block.add(":path", path)
        block.append(behindPath)
        if options.compression != .identity { block.add("grpc-encoding", options.compression.rawValue) }
        if let timeout { block.add("grpc-timeout", TimeoutHeader.format(timeout)) }
        if previousAttempts > 0 { block.add("grpc-previous-rpc-attempts", String(previousAttempts)) }
        if let authorization, options.metadata.isEmpty || options.metadata["authorization"] == nil {
            block.add("authorization", authorization)
        }
        options.metadata.forEachOnWire { block.add($0, $1) }
        return block
    }

    private static func authority(_ configuration: ClientConfiguration) -> String {
        if let name = configuration.authority { return name }
        let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
        return "\(host):\(configuration.port)"
    }
}
