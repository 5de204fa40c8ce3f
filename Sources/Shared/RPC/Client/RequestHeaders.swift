import HTTP2

/// The header list that begins a call.
enum RequestHeaders {
    static func make(
        _ configuration: ClientConfiguration, path: String, timeout: Duration?, previousAttempts: Int,
        _ options: CallOptions
    ) -> HeaderBlock {
        var block = HeaderBlock()
        block.add(":method", "POST")
        block.add(":scheme", configuration.tls == nil ? "http" : "https")
        block.add(":path", path)
        block.add(":authority", authority(configuration))
        block.add("te", "trailers")
        block.add("content-type", "application/grpc")
        block.add("user-agent", configuration.userAgent)
        block.add("grpc-accept-encoding", constant: Compression.accepted)
        if options.compression != .identity { block.add("grpc-encoding", options.compression.rawValue) }
        if let timeout { block.add("grpc-timeout", TimeoutHeader.format(timeout)) }
        if previousAttempts > 0 { block.add("grpc-previous-rpc-attempts", String(previousAttempts)) }
        if let token = configuration.bearerToken, options.metadata["authorization"] == nil {
            block.add("authorization", "Bearer \(token)")
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
