import API
import JSON
import Platform
import TestSupport
import Testing
import Wire

/// Trades messages with Google's runtime; `Tests/Shared/Python/message_roundtrip.py` makes them and judges the answers.
struct RoundTripTests {
    private let script = "\(Checkout.root)/Tests/Shared/Python/message_roundtrip.py"

    @Test(.timeLimit(.minutes(5)))
    func `every message survives us as Google's runtime sees it, in bytes and in JSON`() async throws {
        let folder = try Files.createTemporaryDirectory(prefix: "roundtrip")
        defer { try? Files.removeTree(folder) }
        let generated = try await ChildProcess.run([Checkout.python, script, "generate", folder])
        try #require(generated.status.isSuccess, "\(String(decoding: generated.error, as: UTF8.self))")

        let pool = try DescriptorPool(decoding: try Files.read("\(folder)/descriptors"))
        var results: [UInt8] = []
        let frames = Frames.split(try Files.read("\(folder)/requests"))
        for start in stride(from: 0, to: frames.count - 2, by: 3) {
            let name = String(decoding: frames[start], as: UTF8.self)
            for answer in answers(name, frames[start + 1], frames[start + 2], pool) {
                Frames.append(answer, to: &results)
            }
        }
        try Files.writeAtomically(results, to: "\(folder)/results")

        let checked = try await ChildProcess.run([Checkout.python, script, "check", folder], timeout: .seconds(120))
        let verdict = String(decoding: checked.output + checked.error, as: UTF8.self)
        #expect(checked.status.isSuccess, "\(verdict)")
    }

    private func answers(_ name: String, _ encoded: [UInt8], _ json: [UInt8], _ pool: DescriptorPool) -> [[UInt8]] {
        let known = handWrittenMessages[name.replacing(".v1alpha.", with: ".v1.")]
        let written = known.map { handWritten($0, encoded, json) } ?? [[], [], []]
        return written + [
            answer { try DynamicMessage(name, in: pool, decoding: encoded).encoded() },
            answer { try DynamicMessage(name, in: pool, json: try JSONValue(parsing: json)).encoded() },
            answer { try DynamicMessage(name, in: pool, decoding: encoded).jsonValue().bytes() },
        ]
    }

    private func handWritten<M: Message>(_: M.Type, _ encoded: [UInt8], _ json: [UInt8]) -> [[UInt8]] {
        [
            answer { try M(decoding: encoded).encoded() },
            answer { try M(json: try JSONValue(parsing: json)).encoded() },
            answer { try M(decoding: encoded).jsonValue().bytes() },
        ]
    }

    private func answer(_ body: () throws -> [UInt8]) -> [UInt8] {
        do { return try Array("=".utf8) + body() } catch { return Array("!\(error)".utf8) }
    }
}

/// A big-endian 32-bit length and so many bytes.
private enum Frames {
    static func split(_ bytes: [UInt8]) -> [[UInt8]] {
        var frames: [[UInt8]] = []
        var rest = bytes[...]
        while rest.count >= 4 {
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            frames.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return frames
    }

    static func append(_ frame: [UInt8], to output: inout [UInt8]) {
        output += stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: frame.count >> $0) } + frame
    }
}
