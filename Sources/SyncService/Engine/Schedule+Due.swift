import API

extension Schedule {
    init(_ message: SyncSchedule?) {
        let hours = Int(message?.everyHours ?? 0)
        self.init(everyHours: hours == 0 ? 24 : min(max(hours, 1), 168), isOff: message?.off ?? false)
    }

    /// When the next sync is due, in milliseconds since 1970: up to a tenth of the interval is added at random, so that
    /// accounts connected together do not stay together.
    ///
    /// - Parameter random: Uniform in `0..<1`.
    func nextDue(after time: Int64, random: Double) -> Int64? {
        guard !isOff else { return nil }
        let interval = Int64(everyHours) * 3_600_000
        return time + interval + Int64(Double(interval) * 0.1 * random)
    }
}
