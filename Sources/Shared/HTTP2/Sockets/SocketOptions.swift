import Glibc

/// What every connected socket is set to.
enum SocketOptions {
    /// No delay for small writes; a peer that vanished is noticed within a minute and a half, by probes when nothing is
    /// on the way and by the time that bytes stay unacknowledged when something is.
    static func apply(_ descriptor: Int32) {
        let tcp = Int32(IPPROTO_TCP)
        set(descriptor, tcp, TCP_NODELAY, 1)
        set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
        set(descriptor, tcp, TCP_KEEPIDLE, 30)
        set(descriptor, tcp, TCP_KEEPINTVL, 15)
        set(descriptor, tcp, TCP_KEEPCNT, 4)
        set(descriptor, tcp, TCP_USER_TIMEOUT, 90_000)
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}
