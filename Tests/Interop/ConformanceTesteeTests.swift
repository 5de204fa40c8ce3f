import JSON
import Platform
import TestSupport
import Testing
import Wire

/// The testee for protobuf's conformance suite, asked by hand, and by a runner that holds it against Python's runtime: the
/// suite's own runner is not packaged.
struct ConformanceTesteeTests {
    @Test func `messages and JSON of every kind mean to the testee what they mean to Python's runtime`() async throws {
        let run = try await Self.runner("\(Repository.programs)/conformance-testee", "--cases", "400")
        let report = String(decoding: run.output + run.error, as: UTF8.self)
        #expect(run.status.isSuccess, "\(report)")
        let total = report.split(separator: "\n").last?.split(separator: " ").first.flatMap { Int($0) }
        #expect(try #require(total) > 10_000, "\(report)")
    }

    @Test func `a testee that says the same to everything is found out`() async throws {
        // Its answer is always an empty message, in bytes.
        let parrot = """
            #!\(Checkout.python)
            import struct, sys
            while head := sys.stdin.buffer.read(4):
                sys.stdin.buffer.read(struct.unpack("<I", head)[0])
                sys.stdout.buffer.write(bytes([2, 0, 0, 0, 0x1A, 0]))
                sys.stdout.buffer.flush()

            """
        let folder = try Files.createTemporaryDirectory(prefix: "parrot")
        defer { try? Files.removeTree(folder) }
        let program = folder + "/parrot"
        try Files.writeAtomically(Array(parrot.utf8), to: program, mode: 0o700)
        let run = try await Self.runner(program, "--cases", "5")
        #expect(run.status == .exited(1), "\(String(decoding: run.output + run.error, as: UTF8.self))")
    }

    private static func runner(_ arguments: String...) async throws -> ChildProcess.Captured {
        try await ChildProcess.run(
            [Checkout.python, "\(Checkout.root)/Tests/Interop/Programs/conformance_runner.py"] + arguments,
            timeout: .seconds(300))
    }

    @Test func `the testee answers one request after the other`() async throws {
        let folder = try Files.createTemporaryDirectory(prefix: "conformance")
        defer { try? Files.removeTree(folder) }
        let region = "parapet.account.v1.Region"
        let requests: [[UInt8]] = [
            request([string(4, "conformance.FailureSet"), varint(3, 1)]),
            request([string(2, "{\"optInState\":\"OPT_IN_STATE_OPTED_IN\"}"), string(4, region), varint(3, 1)]),
            request([bytes(1, [0x0A, 1, 0x61]), string(4, region), varint(3, 2)]),
            request([bytes(1, [0x0A, 9]), string(4, region), varint(3, 2)]),
            request([string(2, "{\"new\":1}"), string(4, region), varint(3, 2), varint(5, 3)]),
        ]
        try Files.writeAtomically(Array(requests.joined()), to: "\(folder)/requests")
        let run = try await ChildProcess.run([
            "/bin/sh", "-c", "exec \"$0\" \"$1\" < \"$2\"", "\(Repository.programs)/conformance-testee",
            "\(Checkout.root)/share/parapet/descriptors.pb", "\(folder)/requests",
        ])
        #expect(run.status.isSuccess, "\(String(decoding: run.output + run.error, as: UTF8.self))")
        let answers: [[UInt8]] = [
            request([bytes(3, [])]), request([bytes(3, [0x18, 2])]), request([string(4, "{\"name\":\"a\"}")]),
            request([string(1, "the message is truncated")]), request([string(4, "{}")]),
        ]
        #expect(run.output == Array(answers.joined()))
    }

    private typealias Field = (number: Int32, value: UnknownFields.Value)

    private func bytes(_ number: Int32, _ value: [UInt8]) -> Field { (number, .lengthDelimited(value)) }
    private func string(_ number: Int32, _ value: String) -> Field { bytes(number, Array(value.utf8)) }
    private func varint(_ number: Int32, _ value: UInt64) -> Field { (number, .varint(value)) }

    /// A message after its length.
    private func request(_ fields: [Field]) -> [UInt8] {
        var message = UnknownFields()
        for field in fields { message.append(field.number, field.value) }
        return (0..<4).map { UInt8(truncatingIfNeeded: message.bytes.count >> (8 * $0)) } + message.bytes
    }
}
