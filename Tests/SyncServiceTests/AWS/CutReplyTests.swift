import Platform
import Testing

@testable import SyncService

/// Replies that end early, are encoded, or stand still.
@Suite struct CutReplyTests {
    private static let keys = #"{"Keys":[{"KeyArn":"arn:aws:kms:eu-central-1:1:key/a","KeyId":"a"}]}"#

    private static func head(_ lines: String) -> [UInt8] { Array("HTTP/1.1 200 OK\r\n\(lines)\r\n".utf8) }

    private static func chunked(_ body: [UInt8], isWhole: Bool) -> [UInt8] {
        let head = head("Transfer-Encoding: chunked\r\n")
        let size = String(body.count, radix: 16)
        return head + Array("\(size)\r\n".utf8) + body + Array("\r\n".utf8) + (isWhole ? Array("0\r\n\r\n".utf8) : [])
    }

    /// A gzip member that holds the bytes as they are.
    private static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1 }
        }
        func little(_ value: UInt32, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
        }
        let length = UInt32(bytes.count)
        return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1] + little(length, 2) + little(~length, 2) + bytes
            + little(~crc, 4) + little(length, 4)
    }

    private static func zipped(_ body: [UInt8]) -> [UInt8] {
        head("Content-Encoding: gzip\r\nContent-Length: \(body.count)\r\n") + body
    }

    private func outcome(
        limits: AWSLimits = AWSLimits(), closes: Bool = true, service: String = "kms", operation: String = "ListKeys",
        _ reply: [UInt8]
    ) async throws -> AWSError? {
        var outcome: AWSError?
        try await withStandIn(limits: limits) { _, _ in
            .raw(reply, closes: closes)
        } _: { _, harness in
            outcome = await failure { () throws(AWSError) in _ = try await harness.call(service, operation) }
        }
        return outcome
    }

    @Test func `a body in chunks counts when its last chunk came`() async throws {
        let body = Array(Self.keys.utf8)
        #expect(try await outcome(Self.chunked(body, isWhole: true)) == nil)
        #expect(try await outcome(Self.chunked(body, isWhole: false))?.code == "Parapet.MalformedResponse")
        let topics = Array(FaultTests.topics.utf8)
        let cut = try await outcome(service: "sns", operation: "ListTopics", Self.chunked(topics, isWhole: false))
        #expect(cut?.code == "Parapet.MalformedResponse")
    }

    @Test func `a JSON body that is cut at any byte is an error, whatever its length says`() async throws {
        let body = Array(Self.keys.utf8)
        for end in stride(from: 0, to: body.count, by: 7) {
            let part = Array(body[..<end])
            let honest = Self.head("Content-Length: \(end)\r\n") + part
            #expect(try await outcome(honest)?.code == "Parapet.MalformedResponse", "\(end)")
            let short = Self.head("Content-Length: \(body.count)\r\n") + part
            #expect(try await outcome(short)?.code == "Parapet.MalformedResponse", "\(end)")
            #expect(try await outcome(Self.head("Connection: close\r\n") + part) != nil, "\(end)")
        }
    }

    @Test func `a compressed body is read, cut it is an error`() async throws {
        let body = Self.gzip(Array(Self.keys.utf8))
        #expect(try await outcome(Self.zipped(body)) == nil)
        // The eight bytes at the end are a checksum and a length: without them all the text has come.
        for cut in [9, 20, body.count - 12] {
            let error = try await outcome(Self.zipped(Array(body.dropLast(cut))))
            #expect(error?.code == "Parapet.MalformedResponse", "\(cut): \(String(describing: error))")
        }
        var wrong = body
        wrong[20] ^= 0xFF
        #expect(try await outcome(Self.zipped(wrong))?.code == "Parapet.MalformedResponse")
    }

    @Test func `what a compressed body holds counts against the limit`() async throws {
        var limits = AWSLimits()
        limits.responseBytes = 60
        let error = try await outcome(limits: limits, Self.zipped(Self.gzip(Array(Self.keys.utf8))))
        #expect(error?.kind == .tooLarge(limit: 60))
    }

    @Test(arguments: [true, false])
    func `a reply that stands still is given up long before the call's time`(hasBegun: Bool) async throws {
        var limits = AWSLimits()
        limits.idleTimeout = .seconds(1)
        limits.callTimeout = .seconds(600)
        limits.attempts = 1
        let begun = hasBegun ? Self.head("Content-Length: 500\r\n") + Array(Self.keys.utf8) : []
        let clock = ContinuousClock()
        let start = clock.now
        let error = try await outcome(limits: limits, closes: false, begun)
        #expect(error?.code == "Parapet.Timeout")
        #expect(clock.now - start < .seconds(300))
    }
}
