public import HTTP2

/// Where and how a server listens, and every limit it holds its peers to.
public struct ServerConfiguration: Sendable {
    /// A numeric address or a name; a name that is not loopback needs TLS.
    public var host: String
    /// 0 asks the system for a free one.
    public var port: UInt16
    public var tls: ServerTLS?
    /// Without TLS a server starts only when this is set and the address is a loopback address.
    public var allowPlaintext: Bool
    /// Threads that serve, each with a listening socket of its own on the same port: connections are spread over them by
    /// the kernel (SO_REUSEPORT) and share nothing but the methods. Limits of connections and calls are divided evenly.
    public var loops = 1

    /// What responses are compressed with where the client accepts it and the handler does not say otherwise.
    /// Compressed requests are always understood.
    public var compression = Compression.identity
    /// A longer request, or one that inflates to more, is refused with RESOURCE_EXHAUSTED.
    public var receiveLimitBytes = 4 << 20
    /// A handler that sends a longer response fails with RESOURCE_EXHAUSTED.
    public var sendLimitBytes = 4 << 20
    /// Streams open at once per connection.
    public var maxConcurrentStreams = 256
    /// All names and values of one request, plus 32 bytes each (RFC 9113, 6.5.2).
    public var headerListLimitBytes = 16 << 10
    /// Connections at once; one more is closed at accept.
    public var maxConnections = 1024
    /// Handlers that run at once on this server, those of calls that were given up included; one more call is refused.
    /// One connection has ``maxConcurrentStreams`` of them.
    public var maxRunningCalls = 4096
    /// A connection whose peer takes, for this long, neither all of the bytes that wait for it nor 16 KiB is closed, and
    /// a stream reset whose window lets no more through.
    public var writeTimeout: Duration = .seconds(60)
    /// How long the one request of a unary or server-streaming call may take, from the call's headers on; past it the
    /// call ends with DEADLINE_EXCEEDED, whether its client set a deadline or not.
    public var requestTimeout: Duration = .seconds(60)
    /// For TLS and the connection preface.
    public var handshakeTimeout: Duration = .seconds(10)
    /// A connection that had no calls for this long is told GOAWAY and closed (gRFC A9); nil for never.
    public var maxConnectionIdle: Duration?
    /// A connection that is this old, plus or minus a tenth by chance, is told GOAWAY (gRFC A9); nil for never.
    public var maxConnectionAge: Duration?
    /// How long the calls of an aged connection may go on before it is closed; nil for as long as they like.
    public var maxConnectionAgeGrace: Duration?
    /// A peer from which nothing came for this long is sent a PING (gRFC A8, server side); nil for never.
    public var keepaliveTime: Duration? = .seconds(7200)
    /// When nothing comes within this after the PING, the connection is closed.
    public var keepaliveTimeout: Duration = .seconds(20)
    /// The least time between two PINGs of a client that does not call (gRFC A8); after two that come sooner the third
    /// ends the connection with ENHANCE_YOUR_CALM.
    public var minPingInterval: Duration = .seconds(300)
    /// Bytes queued in one stream above which `send` suspends.
    public var streamHighWaterBytes = 64 << 10
    /// Bytes that all streams of one connection have queued, above which its new calls are refused.
    public var connectionQueueLimitBytes = 8 << 20
    /// Request bytes that all streams of one connection hold, above which the call that brings more is refused.
    public var connectionReceiveLimitBytes = 32 << 20
    /// What one connection may do before it is ended with ENHANCE_YOUR_CALM; the interval of PINGs is
    /// ``minPingInterval``.
    public var conduct = ConductLimits()

    /// Told what happens, on the loop's thread: it must return soon.
    public var observer: (@Sendable (ServerEvent) -> Void)?

    public init(host: String = "127.0.0.1", port: UInt16 = 0, tls: ServerTLS? = nil, allowPlaintext: Bool = false) {
        self.host = host
        self.port = port
        self.tls = tls
        self.allowPlaintext = allowPlaintext
    }
}

/// A server's identity, and the authority its clients' certificates are checked with.
public struct ServerTLS: Sendable, Equatable {
    /// PEM: the leaf first, then intermediates.
    public var certFile: String
    /// PEM, unencrypted.
    public var keyFile: String
    /// PEM. When set, clients are asked for a certificate; one that is given must verify.
    public var clientCAFile: String?
    /// Whether a client without a certificate is refused in the handshake, not only by the authorizer.
    public var requiresClientCertificate: Bool

    public init(
        certFile: String, keyFile: String, clientCAFile: String? = nil, requiresClientCertificate: Bool = false
    ) {
        self.certFile = certFile
        self.keyFile = keyFile
        self.clientCAFile = clientCAFile
        self.requiresClientCertificate = requiresClientCertificate
    }
}
