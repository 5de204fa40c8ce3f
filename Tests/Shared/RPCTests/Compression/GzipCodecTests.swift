import Testing

@testable import RPC

struct GzipCodecTests {
    /// `gzip.compress(b"\x0a\x05hello", mtime=0)` of Python's standard library.
    static let hello: [UInt8] = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 227, 98, 205, 72, 205, 201, 201, 7, 0, 24, 64, 227, 153, 7, 0, 0, 0,
    ]
    static let plain: [UInt8] = [10, 5] + Array("hello".utf8)

    private func inflate(_ bytes: [UInt8], limit: Int = 1000) throws(RPCError) -> [UInt8] {
        try GzipCodec().inflated(bytes, limit: limit)
    }

    private func code(_ bytes: [UInt8], limit: Int = 1000) async -> StatusCode? {
        await rpcError { () async throws(RPCError) in _ = try inflate(bytes, limit: limit) }?.code
    }

    @Test func `what another program compressed comes out`() throws {
        #expect(try inflate(Self.hello) == Self.plain)
    }

    @Test func `messages come out as they went in, one after the other`() throws {
        let codec = GzipCodec()
        for size in [60, 4096, 100_000, 5_000_000, 61] {
            let message = (0..<size).map { UInt8(truncatingIfNeeded: $0 / 20) }
            let shorter = try #require(codec.deflated(message))
            #expect(shorter.count < size)
            let back = try codec.inflated(shorter, limit: size)
            #expect(back == message)
        }
    }

    @Test func `what does not get shorter is left alone`() {
        #expect(GzipCodec().deflated(Self.plain) == nil)
        let nothing: [UInt8] = []
        #expect(GzipCodec().deflated(nothing) == nil)
    }

    @Test func `inflating stops at the limit`() async throws {
        let zeros = [UInt8](repeating: 0, count: 50_000_000)
        let bomb = try #require(GzipCodec().deflated(zeros))
        #expect(bomb.count < 60_000)
        #expect(await code(bomb, limit: 10_000) == .resourceExhausted)
        #expect(await code(Self.hello, limit: 6) == .resourceExhausted)
        #expect(try inflate(Self.hello, limit: 7) == Self.plain)
    }

    @Test(arguments: 0..<27) func `a truncated member is malformed`(count: Int) async {
        #expect(await code(Array(Self.hello.prefix(count))) == .internalError)
    }

    @Test func `anything but one member is malformed`() async {
        #expect(await code(Self.hello + [0]) == .internalError)
        #expect(await code(Self.hello + Self.hello) == .internalError)
        #expect(await code(Self.plain) == .internalError)
        var wrongSum = Self.hello
        wrongSum[20] ^= 1
        #expect(await code(wrongSum) == .internalError)
    }

    @Test func `a malformed message does not spoil the next one`() throws {
        let codec = GzipCodec()
        for count in [0, 12, 26] {
            let cut = Array(Self.hello.prefix(count))
            #expect(throws: RPCError.self) { try codec.inflated(cut) }
            let back = try codec.inflated(Self.hello)
            #expect(back == Self.plain)
        }
    }
}
