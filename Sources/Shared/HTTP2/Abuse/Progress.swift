/// Whether a peer gets on with what waits for it. Reads no clock.
///
/// A few octets are no progress, or a peer that opens its window octet by octet could keep a call for ever.
struct Progress: Sendable {
    /// What counts as progress when more than that waits.
    static let enoughBytes = 16 << 10

    /// When it began to wait, or the last progress was made.
    private(set) var since: ContinuousClock.Instant
    private var taken = 0

    init(at now: ContinuousClock.Instant) { since = now }

    /// Notes what the peer has taken. That all of it was taken is for the owner to note.
    mutating func took(_ count: Int, at now: ContinuousClock.Instant) {
        taken += count
        if taken >= Self.enoughBytes { self = Progress(at: now) }
    }
}
