/// The other end of a connection.
public struct Peer: Sendable, Equatable {
    /// Numeric address and port, as `127.0.0.1:50312` or `[::1]:50312`.
    public var address: String
    /// URI names of the verified client certificate; empty without one.
    public var uriNames: [String]
    /// Common name of the verified client certificate.
    public var commonName: String?
    public var isTLS: Bool

    public init(address: String, uriNames: [String] = [], commonName: String? = nil, isTLS: Bool = false) {
        self.address = address
        self.uriNames = uriNames
        self.commonName = commonName
        self.isTLS = isTLS
    }

    /// Whether the client proved a certificate of the configured authority.
    public var isVerified: Bool { commonName != nil || !uriNames.isEmpty }
}

/// A peer that all calls of a connection refer to.
final class SharedPeer: Sendable {
    let value: Peer
    init(_ value: Peer) { self.value = value }

    static let unknown = SharedPeer(Peer(address: "unknown"))
}
