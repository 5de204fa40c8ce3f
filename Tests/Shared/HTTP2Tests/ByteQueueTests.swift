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
        queue.append([1, 2, 3, 4, 5, 6])
        queue.removeFirst(2)
        let (first, count, number) = (queue[0], queue.count, queue.bigEndian(at: 0))
        #expect(first == 3)
        #expect(count == 4)
        #expect(number == 0x0304_0506)
        #expect(queue.withSpan(1..<2) { $0.byteCount } == 1)
        queue.removeFirst(99)
        let isEmpty = queue.isEmpty
        #expect(isEmpty)
    }

    @Test func `what is written into the queue's room comes behind what is there`() {
        var queue = ByteQueue()
        for round in 0..<100 as Range<UInt8> {
            queue.append(upTo: 3) { output in
                output.append(round)
                output.append(255)
            }
            queue.removeFirst(1)
        }
        #expect(queue.bytes(queue.count - 3..<queue.count) == [255, 99, 255])
    }
}
