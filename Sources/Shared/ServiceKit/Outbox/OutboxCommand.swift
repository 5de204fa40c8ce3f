import Crypto
public import Platform

/// A command to another service that must not be lost: written with the change that causes it, delivered until it is
/// acknowledged, possibly more than once.
public struct OutboxCommand: Sendable, Equatable {
    /// Sequence number, set once it is stored; commands of one destination and account are delivered in its order.
    public internal(set) var id: Int64 = 0
    /// Where it goes, as `sync-service`.
    public var destination: String
    /// What it is, as `start-sync`.
    public var kind: String
    /// Goes with the command at each delivery, so that the receiver knows a repetition. Unique in the outbox.
    public var key: String
    public var accountID: String
    /// The encoded request. It lies in the database in the clear: no secret belongs in it.
    public var payload: [UInt8]
    /// Not delivered before; nil for at once.
    public var notBefore: WallTime?
    /// Deliveries tried so far.
    public internal(set) var attempts = 0

    /// - Parameter key: 128 random bits in hexadecimal unless given. A key that already waits is not added again.
    public init(
        destination: String, kind: String, key: String? = nil, accountID: String, payload: [UInt8],
        notBefore: WallTime? = nil
    ) {
        self.destination = destination
        self.kind = kind
        self.key = key ?? Hex.encode(RandomBytes.generate(16))
        self.accountID = accountID
        self.payload = payload
        self.notBefore = notBefore
    }

    /// What must stay in order.
    var lane: Lane { Lane(destination: destination, accountID: accountID) }

    struct Lane: Hashable {
        var destination: String
        var accountID: String
    }
}

/// What became of one delivery.
public enum DeliveryVerdict: Sendable, Equatable {
    case acknowledged
    /// The receiver will never take it: it is kept as refused, and what waits behind it goes on.
    case refused(reason: String)
    /// Try again later.
    case retry(reason: String)
}
