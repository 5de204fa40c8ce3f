import Glibc

/// What the program prints, each for one call or message.
struct Figures: CustomStringConvertible {
    let perSecond: Double
    let cpuMicroseconds: Double
    let p50: Double
    let p99: Double

    /// - Parameter load: Gives the nanoseconds of each call.
    static func of(_ load: () async throws -> [Int64]) async throws -> Figures {
        let begin = (Clock.monotonic.nanoseconds, Clock.process.nanoseconds)
        var times = try await load()
        let end = (Clock.monotonic.nanoseconds, Clock.process.nanoseconds)
        let count = Double(times.count)
        times.sort()
        func percentile(_ part: Double) -> Double { Double(times[Int(Double(times.count - 1) * part)]) / 1000 }
        return Figures(
            perSecond: count / Double(end.0 - begin.0) * 1e9, cpuMicroseconds: Double(end.1 - begin.1) / count / 1000,
            p50: percentile(0.5), p99: percentile(0.99))
    }

    var description: String {
        "per_s=\(Int(perSecond)) cpu_us_each=\(rounded(cpuMicroseconds)) p50_us=\(rounded(p50)) p99_us=\(rounded(p99))"
    }

    private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}

/// The kernel's clocks.
enum Clock {
    case monotonic
    /// The CPU time of all threads of this process, the kernel's work for it included.
    case process

    var nanoseconds: Int64 {
        var time = timespec()
        clock_gettime(self == .monotonic ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
