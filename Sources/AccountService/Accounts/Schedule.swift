/// When an account is synced by itself.
struct Schedule: Equatable, Sendable {
    /// 1 to 168.
    var everyHours: Int32
    /// No sync by itself.
    var off: Bool

    static let standard = Schedule(stored: 24, off: false)

    /// - Parameter everyHours: 1 to 168; 0: 24.
    init(everyHours: Int32, off: Bool) throws(AccountError) {
        guard (0...168).contains(everyHours) else {
            throw .invalid(field: "schedule.every_hours", rule: "1 to 168, or 0 for 24")
        }
        self.init(stored: everyHours == 0 ? 24 : everyHours, off: off)
    }

    init(stored everyHours: Int32, off: Bool) { (self.everyHours, self.off) = (everyHours, off) }
}
