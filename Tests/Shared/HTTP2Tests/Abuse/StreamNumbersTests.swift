import Testing

@testable import HTTP2

struct StreamNumbersTests {
    @Test func `a late frame is told by what became of its stream`() {
        var numbers = StreamNumbers()
        for stream in [1, 3, 9] as [Int32] { numbers.opened(stream) }
        numbers.wasReset(3)
        #expect(numbers.last == 9)
        #expect(
            [1, 3, 5, 7, 9].map { numbers.lateness($0) } == [.afterEnd, .crossedReset, .skipped, .skipped, .afterEnd])
    }

    /// Numbers of a client are odd, which is nghttp2's to demand.
    @Test(arguments: [[.max - 1, .max], [.max - 2, .max], [.max]] as [[Int32]])
    func `the highest numbers are numbers like others`(streams: [Int32]) {
        var numbers = StreamNumbers()
        for stream in streams { numbers.opened(stream) }
        #expect(numbers.last == .max)
        #expect(numbers.lateness(1) == .skipped)
    }

    @Test func `the latest thousand resets are remembered`() {
        var numbers = StreamNumbers()
        for stream in 0..<Int32(1500) {
            numbers.opened(2 * stream + 1)
            numbers.wasReset(2 * stream + 1)
        }
        #expect(numbers.lateness(2 * 1499 + 1) == .crossedReset)
        #expect(numbers.lateness(2 * 476 + 1) == .crossedReset)
        #expect(numbers.lateness(2 * 475 + 1) == .afterEnd)
    }
}
