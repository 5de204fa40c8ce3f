import JSON
import Platform
import TestSupport
import Testing
import Wire

/// The testee for protobuf's conformance suite, asked by hand: the suite's runner is not packaged.
struct ConformanceTesteeTests {
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
