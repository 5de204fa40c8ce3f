import Glibc

/// An instant of civil time, in UTC, from 1677 to 2262.
public struct WallTime: Sendable, Comparable, Hashable {
    /// Since 1970-01-01T00:00:00Z, leap seconds not counted.
    public var unixNanoseconds: Int64

    public init(unixNanoseconds: Int64) {
        self.unixNanoseconds = unixNanoseconds
    }

    /// Beyond the range of nanoseconds, the nearest instant within it.
    public init(unixMilliseconds: Int64) {
        let (product, overflow) = unixMilliseconds.multipliedReportingOverflow(by: 1_000_000)
        self.init(unixNanoseconds: overflow ? (unixMilliseconds < 0 ? .min : .max) : product)
    }

    public init(unixSeconds: Int64) {
        self.init(seconds: unixSeconds, nanoseconds: 0)
    }

    /// `nanoseconds` count forward from `seconds`, also before 1970.
    public init(seconds: Int64, nanoseconds: Int64) {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowToo) = product.addingReportingOverflow(nanoseconds)
        self.init(unixNanoseconds: overflow || overflowToo ? (seconds < 0 ? .min : .max) : sum)
    }

    public static func now() -> WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
    }

    /// Rounded down.
    public var unixSeconds: Int64 { unixNanoseconds.flooredQuotient(1_000_000_000) }

    /// Rounded down.
    public var unixMilliseconds: Int64 { unixNanoseconds.flooredQuotient(1_000_000) }

    /// Nanoseconds since the second began, 0 to 999,999,999.
    public var nanosecondOfSecond: Int64 {
        let rest = unixNanoseconds % 1_000_000_000
        return rest < 0 ? rest + 1_000_000_000 : rest
    }

    public static func < (a: WallTime, b: WallTime) -> Bool { a.unixNanoseconds < b.unixNanoseconds }

    /// Saturates at the ends of the range.
    public static func + (time: WallTime, duration: Duration) -> WallTime {
        let (sum, overflow) = time.unixNanoseconds.addingReportingOverflow(duration.saturatedNanoseconds)
        return WallTime(unixNanoseconds: overflow ? (duration < .zero ? .min : .max) : sum)
    }

    public static func - (time: WallTime, duration: Duration) -> WallTime {
        time + (.zero - duration)
    }

    public static func - (a: WallTime, b: WallTime) -> Duration {
        .nanoseconds(a.unixNanoseconds) - .nanoseconds(b.unixNanoseconds)
    }
}

/// Where a component asks for the time, so that a test can choose it.
public protocol WallClock: Sendable {
    func now() -> WallTime
}

/// The machine's clock.
public struct SystemWallClock: WallClock {
    public init() {}
    public func now() -> WallTime { .now() }
}

extension Int64 {
    func flooredQuotient(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

extension Duration {
    var saturatedNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowToo) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow || overflowToo ? (seconds < 0 ? .min : .max) : sum
    }
}
