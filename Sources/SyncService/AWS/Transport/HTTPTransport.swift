/// Sends requests. The one in use is ``CurlTransport``; tests have their own.
protocol HTTPTransport: Sendable {
    /// Sends one request and feeds `sink` on the transport's thread until the reply ends. Throws where no whole reply came.
    func send(_ request: HTTPRequest, timeouts: HTTPTimeouts, into sink: any ReplySink) async throws(AWSError)
}

struct HTTPTimeouts: Sendable, Equatable {
    /// Until the connection stands.
    var connect: Duration
    /// Without a byte in either direction; whole seconds.
    var idle: Duration
    /// From the start to the last byte.
    var total: Duration
}

/// Takes a reply as it comes: first its head, then its bytes. Used by one transfer at a time.
protocol ReplySink: AnyObject, Sendable {
    /// May come again with a later head (after `100 Continue`); no bytes came before.
    func begin(_ head: HTTPResponseHead)
    /// False ends the transfer.
    func receive(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool
}
