import HTTP2
import Testing

@testable import RPC

struct MessageFramingTests {
    private func next(_ bytes: [UInt8], limit: Int = 100) -> MessageFraming.Next {
        var queue = ByteQueue()
        queue.append(bytes)
        return MessageFraming.next(in: queue, limitBytes: limit, what: "request")
    }

    @Test func `a frame is found once it is complete, at every prefix`() {
        let frame: [UInt8] = [0, 0, 0, 0, 3, 7, 8, 9]
        for count in 0..<frame.count { #expect(next(Array(frame.prefix(count))) == .incomplete) }
        #expect(next(frame) == .message(5..<8))
        #expect(next(frame + [0, 0]) == .message(5..<8))
        #expect(next([0, 0, 0, 0, 0]) == .message(5..<5))
    }

    @Test func `a length over the limit is refused before the message is there`() {
        let error = RPCError(.resourceExhausted, "the request has 4294967295 bytes, the limit is 100")
        #expect(next([0, 255, 255, 255, 255]) == .refused(error))
        #expect(next([0, 0, 0, 0, 101]) != .incomplete)
        #expect(next([0, 0, 0, 0, 100]) == .incomplete)
    }

    @Test(arguments: [1, 2, 255] as [UInt8]) func `a flag other than zero is refused`(flag: UInt8) {
        guard case .refused(let error) = next([flag, 0, 0, 0, 0]) else {
            Issue.record("not refused")
            return
        }
        #expect(error.code == .internalError)
    }

    @Test func `what is appended is found again`() {
        var output: [UInt8] = [9]
        let refused = MessageFraming.append(to: &output, limitBytes: 3, what: "response") { $0 += [1, 2, 3] }
        #expect(refused == nil)
        #expect(output == [9, 0, 0, 0, 0, 3, 1, 2, 3])
    }

    @Test func `a message over the limit leaves no trace`() {
        var output: [UInt8] = [9]
        let refused = MessageFraming.append(to: &output, limitBytes: 2, what: "response") { $0 += [1, 2, 3] }
        #expect(refused == RPCError(.resourceExhausted, "the response has 3 bytes, the limit is 2"))
        #expect(output == [9])
    }
}
