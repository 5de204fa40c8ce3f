import JSON
import Testing
import Wire

struct TimestampTests {
    private static let texts: [(String, Int64, Int32)] = [
        ("1970-01-01T00:00:00Z", 0, 0), ("1969-12-31T23:59:59.999999999Z", -1, 999_999_999),
        ("0001-01-01T00:00:00Z", -62_135_596_800, 0), ("9999-12-31T23:59:59.999999999Z", 253_402_300_799, 999_999_999),
        ("2000-02-29T12:30:45.120Z", 951_827_445, 120_000_000), ("2026-11-24T22:00:00.000001Z", 1_795_557_600, 1000),
        ("2100-03-01T00:00:00.500Z", 4_107_542_400, 500_000_000),
    ]

    @Test(arguments: texts)
    func `an instant has one text`(text: String, seconds: Int64, nanos: Int32) {
        let time = Timestamp(seconds: seconds, nanos: nanos)
        #expect(time.rfc3339 == text)
        #expect(Timestamp(rfc3339: text) == time)
    }

    @Test(arguments: [
        ("2026-11-24T23:00:00+01:00", "2026-11-24T22:00:00Z"),
        ("2026-11-24T21:30:00.5-00:30", "2026-11-24T22:00:00.500Z"),
        ("2026-11-24T22:00:00.1234567Z", "2026-11-24T22:00:00.123456700Z"),
    ])
    func `offsets and fractions of any length are read`(text: String, canonical: String) {
        #expect(Timestamp(rfc3339: text)?.rfc3339 == canonical)
    }

    @Test(arguments: [
        "", "2026-11-24", "2026-11-24T22:00:00", "2026-11-24t22:00:00Z", "2026-11-24T22:00:00z", "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-11-31T00:00:00Z", "2026-00-01T00:00:00Z", "2026-11-24T24:00:00Z",
        "2026-11-24T22:60:00Z",
        "2026-11-24T22:00:60Z", "2026-11-24T22:00:00.Z", "2026-11-24T22:00:00.1234567890Z", "2026-11-24T22:00:00+1:00",
        "2026-11-24T22:00:00Zx", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
        "2026-11-24 22:00:00Z", "+026-11-24T22:00:00Z", "２026-11-24T22:00:00Z",
    ])
    func `anything else is refused`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func `nanoseconds since 1970 go both ways`() {
        for nanoseconds in [0, 1, -1, 1_500_000_000, -1_500_000_000, Int64.max, Int64.min] {
            #expect(Timestamp(unixNanoseconds: nanoseconds).unixNanoseconds == nanoseconds)
        }
        #expect(Timestamp(seconds: .max).unixNanoseconds == .max)
        #expect(Timestamp(seconds: .min, nanos: 5).unixNanoseconds == .min)
    }

    @Test func `what a peer sends out of range is written as the nearest time`() {
        #expect(Timestamp(seconds: .max, nanos: -5).rfc3339 == "9999-12-31T23:59:59Z")
        #expect(Timestamp(seconds: .min, nanos: .max).rfc3339 == "0001-01-01T00:00:00.999999999Z")
    }
}

struct FieldMaskTests {
    @Test func `paths are one text in lower camel case`() throws {
        let mask = FieldMask(["name", "role_arn", "schedule.every_hours"])
        #expect(mask.jsonValue() == "name,roleArn,schedule.everyHours")
        #expect(try FieldMask(json: "name,roleArn,schedule.everyHours") == mask)
        #expect(try FieldMask(json: "") == FieldMask())
        #expect(throws: WireError.self) { try FieldMask(json: "role_arn") }
        #expect(throws: WireError.self) { try FieldMask(json: ["name"]) }
    }
}
