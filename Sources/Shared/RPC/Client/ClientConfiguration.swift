import HTTP2

/// Where a client connects, and how.
public struct ClientConfiguration: Sendable {
    /// Host name or numeric address.
    public var host: String
    public var port: UInt16
    /// The name that the server goes by, where that is not `host`: sent as `:authority` and SNI, and demanded of its
    /// certificate.
    public var authority: String?
    /// Nil for plain text, which is refused unless ``allowPlaintext`` is set and the address is a loopback address.
    public var tls: ClientTLS?
    public var allowPlaintext: Bool
    /// Sent as `authorization: Bearer …` with each call.
    public var bearerToken: String?
    /// Sent as `user-agent`.
    public var userAgent = "parapet"
    /// A longer response fails the call with RESOURCE_EXHAUSTED.
    public var receiveLimitBytes = 4 << 20
    /// A longer request fails before it is sent.
    public var sendLimitBytes = 4 << 20
    /// Of one response's header list.
    public var headerListLimitBytes = 64 << 10
    /// Responses received and not yet read, above which the server is held back.
    public var streamWindowBytes = 256 << 10
    /// Requests queued and not yet sent, above which a sender waits.
    public var sendHighWaterBytes = 64 << 10
    /// Requests of one call that are kept for a retry; a call with more is not made again.
    public var retryBufferLimitBytes = 1 << 20
    /// For calls that name none of their own. What no server has seen is made again under any policy.
    public var retryPolicy = RetryPolicy.none
    /// As ``retryPolicy``, for methods that are read only. UNAVAILABLE may mean that the server has done its work and the
    /// answer was lost, so nothing else is repeated unless somebody says so.
    public var readRetryPolicy = RetryPolicy()
    /// Shared by all calls of the client.
    public var retryBudget = RetryBudget()
    /// Between attempts to connect. Meanwhile calls fail with UNAVAILABLE unless they wait for the server to be ready.
    public var backoff = BackoffPolicy()
    /// A server that has sent nothing for this long is sent a PING (gRFC A8), at least 10 s; nil for never.
    public var keepaliveTime: Duration?
    /// When nothing comes within this after the PING, the connection is closed, and its calls fail with UNAVAILABLE.
    public var keepaliveTimeout: Duration = .seconds(20)
    /// Whether PINGs are sent while there are no calls. Servers may end the connection for them.
    public var keepaliveWithoutCalls = false
    /// What the look-up of the host gives; nil to look it up. For tests, which cannot choose the addresses of a name.
    var addresses: [SocketAddress]?
    /// The number of each connection's first stream; later ones are for tests.
    var firstStream: Int32 = 1
    /// What gRFC A8 has for the least ``keepaliveTime``; less for tests.
    var keepaliveFloor: Duration = .seconds(10)

    public init(
        host: String, port: UInt16, tls: ClientTLS? = nil, bearerToken: String? = nil, allowPlaintext: Bool = false
    ) {
        self.host = host
        self.port = port
        self.tls = tls
        self.bearerToken = bearerToken
        self.allowPlaintext = allowPlaintext
    }
}

/// Whom a client trusts, and who it is.
public struct ClientTLS: Sendable, Equatable {
    /// PEM: the authorities that the server's chain must end in. Empty for the system's own.
    public var caFile: String
    /// PEM: the client's own certificate, for mutual TLS.
    public var certFile: String?
    public var keyFile: String?
    /// When set, the server's certificate must have this URI name, and its host names are not looked at.
    public var expectedServerURI: String?

    public init(caFile: String, certFile: String? = nil, keyFile: String? = nil, expectedServerURI: String? = nil) {
        self.caFile = caFile
        self.certFile = certFile
        self.keyFile = keyFile
        self.expectedServerURI = expectedServerURI
    }
}
