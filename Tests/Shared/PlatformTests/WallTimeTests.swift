import Platform
import Testing

@Suite struct WallTimeTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2026-11-24T22:00:00Z", 1_795_557_600), ("2000-02-29T12:00:00Z", 951_825_600),
        ("1969-12-31T23:59:59Z", -1), ("2100-03-01T00:00:00Z", 4_107_542_400), ("1700-01-01T00:00:00Z", -8_520_336_000),
    ]) func `known instants are written and read`(text: String, seconds: Int64) {
        #expect(WallTime(unixSeconds: seconds).rfc3339() == text)
        #expect(WallTime(rfc3339: text)?.unixSeconds == seconds)
    }

    @Test(arguments: [
        "2026-11-24", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-24T24:00:00Z", "2026-11-24T22:00:00",
        "2026-11-24T22:00:00.Z", "2026-11-24T22:00:00+24:00", "2026-11-24T22:00:00Zx", "", "9999-01-01T00:00:00Z",
        "2026-11-24T22:00:61Z", "２026-11-24T22:00:00Z",
    ]) func `anything else is refused`(text: String) {
        #expect(WallTime(rfc3339: text) == nil)
    }

    @Test func `offsets and fractions count`() {
        #expect(WallTime(rfc3339: "2026-11-24T23:30:00+01:30")?.rfc3339() == "2026-11-24T22:00:00Z")
        #expect(WallTime(rfc3339: "2026-11-24T22:00:00.5Z")?.rfc3339() == "2026-11-24T22:00:00.500Z")
        #expect(WallTime(rfc3339: "1969-12-31T23:59:59.000000001Z")?.unixNanoseconds == -999_999_999)
        #expect(WallTime(rfc3339: "2026-11-24T22:00:00.1234567891Z")?.nanosecondOfSecond == 123_456_789)
    }

    @Test func `every day of four hundred years goes through the calendar and back`() {
        for day in stride(from: Int64(-73_000), through: 73_000, by: 1) {
            let date = CivilDate(WallTime(unixSeconds: day * 86_400 + 7))
            guard date.unixSeconds == day * 86_400 + 7 else { return #expect(Bool(false), "day \(day): \(date)") }
        }
    }

    @Test func `arithmetic saturates`() {
        #expect(WallTime(unixMilliseconds: .max).unixNanoseconds == .max)
        #expect(WallTime(unixSeconds: .min).unixNanoseconds == .min)
        #expect((WallTime(unixNanoseconds: .max) + .seconds(1)).unixNanoseconds == .max)
        #expect(WallTime(unixNanoseconds: 5) - WallTime(unixNanoseconds: 2) == .nanoseconds(3))
        #expect(WallTime(unixNanoseconds: -1).unixMilliseconds == -1)
    }
}
