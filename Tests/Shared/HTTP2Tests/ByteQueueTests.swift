import HTTP2
import Testing

struct ByteQueueTests {
    @Test func `bytes leave in the order they came`() {
        var queue = ByteQueue()
        var expected: [UInt8] = []
        var taken: [UInt8] = []
        for round in 0..<200 {
            let bytes = (0..<round * 7).map { UInt8(truncatingIfNeeded: $0 &+ round) }
            queue.append(bytes)
            expected += bytes
            let count = min(queue.count, round * 5)
            taken += queue.bytes(0..<count)
            queue.removeFirst(count)
        }
        taken += queue.bytes(0..<queue.count)
        #expect(taken == expected)
    }

    @Test func `indices count from the front`() {
        var queue = ByteQueue()
        queue.append([1, 2, 3, 4])
        queue.removeFirst(2)
        #expect(queue[0] == 3)
        #expect(queue.count == 2)
        #expect(queue.withSpan(1..<2) { $0.byteCount } == 1)
        queue.removeFirst(99)
        #expect(queue.isEmpty)
    }
}
