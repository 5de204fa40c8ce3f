/// What a server tells its observer, for logs and metrics.
public enum ServerEvent: Sendable {
    case connectionOpened(Peer)
    /// With the reason, when it did not end in order.
    case connectionClosed(Peer, reason: String?)
    /// Service and method are empty when there is none of that name.
    case callEnded(service: String, method: String, code: StatusCode, duration: Duration)
}
