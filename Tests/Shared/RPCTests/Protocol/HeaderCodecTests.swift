import Testing

@testable import RPC

struct HeaderCodecTests {
    @Test(arguments: [
        ("1H", Duration.seconds(3600)), ("2M", .seconds(120)), ("3S", .seconds(3)), ("4m", .milliseconds(4)),
        ("5u", .microseconds(5)), ("6n", .nanoseconds(6)), ("0S", .zero), ("99999999H", .seconds(359_999_996_400)),
        ("00000001S", .seconds(1)),
    ])
    func `each unit of a timeout is understood`(text: String, expected: Duration) {
        #expect(TimeoutHeader.parse(text.utf8) == expected)
    }

    @Test(arguments: ["", "1", "S", "1s", "1SS", "-1S", "1.5S", " 1S", "100000000S", "1S ", "+1S"])
    func `anything else is no timeout`(text: String) {
        #expect(TimeoutHeader.parse(text.utf8) == nil)
    }

    @Test(arguments: [
        Duration.nanoseconds(1), .nanoseconds(99_999_999), .milliseconds(100), .milliseconds(1500), .seconds(30),
        .seconds(99), .seconds(100), .seconds(86_400), .seconds(100_000_000), .seconds(10_000_000_000),
        .nanoseconds(123_456_789_012),
    ])
    func `a timeout is written within eight digits and never shorter`(timeout: Duration) throws {
        let text = TimeoutHeader.format(timeout)
        #expect(text.utf8.count <= 9)
        let back = try #require(TimeoutHeader.parse(text.utf8))
        #expect(back >= timeout)
        #expect(back <= timeout * 1.01 + .nanoseconds(1))
    }

    @Test func `a timeout that has passed is zero`() {
        #expect(TimeoutHeader.format(.seconds(-3)) == "0n")
        #expect(TimeoutHeader.format(.zero) == "0n")
    }

    @Test(arguments: [
        ("plain text", "plain text"), ("50%", "50%25"), ("a\nb", "a%0Ab"), ("é", "%C3%A9"), ("", ""),
        ("~\u{7f}", "~%7F"),
    ])
    func `a message survives percent coding`(text: String, wire: String) {
        #expect(PercentCoding.encode(text) == Array(wire.utf8))
        #expect(PercentCoding.decode(wire.utf8) == text)
    }

    @Test(arguments: [
        ("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("100% of", "100% of"), ("%41%", "A%"), ("%ff", "\u{fffd}"),
    ])
    func `what is no escape stays as it is`(wire: String, text: String) {
        #expect(PercentCoding.decode(wire.utf8) == text)
    }
}
