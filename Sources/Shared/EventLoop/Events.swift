import CLinux

/// What a descriptor is watched for, or what happened to it.
public struct Events: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let readable = Events(rawValue: 1)
    public static let writable = Events(rawValue: 2)
    /// Reported only, never asked for: the peer is gone or the descriptor has an error.
    public static let hangup = Events(rawValue: 4)

    init(epoll bits: UInt32) {
        var events: Events = []
        if bits & EPOLLIN.rawValue != 0 { events.insert(.readable) }
        if bits & EPOLLOUT.rawValue != 0 { events.insert(.writable) }
        if bits & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 { events.insert(.hangup) }
        self = events
    }

    var epoll: UInt32 {
        var bits: UInt32 = 0
        if contains(.readable) { bits |= EPOLLIN.rawValue }
        if contains(.writable) { bits |= EPOLLOUT.rawValue }
        return bits
    }
}
