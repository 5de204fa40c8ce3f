import EchoAPI
import Glibc
import RPC
import Wire

/// The calls that are measured.
struct Load: Sendable {
    let client: RPCClient
    let payload: Payload

    init(client: RPCClient, size: Int) {
        self.client = client
        payload = Payload.with {
            $0.data = [UInt8](repeating: UInt8(ascii: "x"), count: size)
            $0.id = 42
            $0.name = "echo"
        }
    }

    /// Nanoseconds of each call.
    @discardableResult
    func unary(calls: Int, concurrency: Int) async throws -> [Int64] {
        guard concurrency > 1 else { return try await worker(calls) }
        return try await withThrowingTaskGroup(of: [Int64].self) { group in
            for index in 0..<concurrency {
                let share = calls / concurrency + (index < calls % concurrency ? 1 : 0)
                group.addTask { try await worker(share) }
            }
            var all: [Int64] = []
            all.reserveCapacity(calls)
            for try await times in group { all += times }
            return all
        }
    }

    private func worker(_ calls: Int) async throws -> [Int64] {
        var times: [Int64] = []
        times.reserveCapacity(calls)
        for _ in 0..<calls {
            let begin = Clock.monotonic.nanoseconds
            let answer = try await client.unary(EchoAPI.unary, payload)
            times.append(Clock.monotonic.nanoseconds - begin)
            guard answer == payload else { throw OptionError("the answer is not the request") }
        }
        return times
    }

    /// Reads one stream; the times are those from message to message.
    func stream(messages: Int) async throws -> [Int64] {
        let request = StreamRequest.with {
            $0.count = Int64(messages)
            $0.size = Int32(clamping: payload.data.count)
        }
        var times: [Int64] = []
        times.reserveCapacity(messages)
        var last = Clock.monotonic.nanoseconds
        for try await message in client.serverStreaming(EchoAPI.serverStream, request) {
            guard message.id == Int64(times.count), message.data.count == payload.data.count else {
                throw OptionError("message \(times.count) of the stream is not what was asked for")
            }
            let now = Clock.monotonic.nanoseconds
            times.append(now - last)
            last = now
        }
        guard times.count == messages else { throw OptionError("\(times.count) messages came, not \(messages)") }
        return times
    }
}
