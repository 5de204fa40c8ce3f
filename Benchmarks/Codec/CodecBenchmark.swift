import EchoAPI
import Glibc
import Wire

/// `codec-benchmark [BATCHES]` decodes and encodes messages, a new one each time, and prints the least nanoseconds of
/// all batches.
@main
struct CodecBenchmark {
    static func main() {
        measure("decode + encode, ten fields with submessages", Samples.record)
        measure("decode + encode, Finding", Samples.finding)
    }

    private static func measure<M: Message>(_ name: String, _ sample: M) {
        let bytes = sample.encoded()
        var output: [UInt8] = []
        var best = Int64.max
        for _ in 0..<batches {
            let begin = threadNanoseconds()
            for _ in 0..<Self.batch {
                guard let message = try? M(decoding: bytes) else { return writeLine("\(name) does not decode") }
                output.removeAll(keepingCapacity: true)
                message.encode(into: &output)
            }
            best = min(best, threadNanoseconds() - begin)
        }
        guard output == bytes else { return writeLine("\(name) comes back changed") }
        writeLine("\(name) \(best / Int64(Self.batch))")
    }

    private static let batch = 5000
    private static let batches = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 40

    private static func threadNanoseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
