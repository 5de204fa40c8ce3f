/// How one call is made.
public struct CallOptions: Sendable {
    /// Sent to the server too; past it the call fails with DEADLINE_EXCEEDED. Nil waits for ever. Within a handler, the
    /// handler's own deadline holds if it is earlier.
    public var timeout: Duration?
    public var metadata: Metadata
    /// Whether the call waits while the server cannot be reached, instead of failing with UNAVAILABLE (gRPC's
    /// wait-for-ready document). Its timeout still holds.
    public var waitForReady: Bool
    /// Of the requests; compressed responses are always understood. A message that would not get shorter is sent as it is.
    public var compression: Compression
    /// Nil for the client's own policy.
    public var retries: RetryPolicy?

    public init(
        timeout: Duration? = nil, metadata: Metadata = Metadata(), waitForReady: Bool = false,
        compression: Compression = .identity, retries: RetryPolicy? = nil
    ) {
        self.timeout = timeout
        self.metadata = metadata
        self.waitForReady = waitForReady
        self.compression = compression
        self.retries = retries
    }
}
