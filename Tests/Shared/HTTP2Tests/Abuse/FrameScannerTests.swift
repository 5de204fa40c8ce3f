import Testing

@testable import HTTP2

struct FrameScannerTests {
    private static let stream: [UInt8] =
        Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 6, 4, 0, 0, 0, 0, 0] + [0, 3, 0, 0, 0, 100]
        + [0, 0, 0, 9, 4, 0x80, 0, 0, 1] + [0, 1, 0, 0, 1, 0x7f, 0xff, 0xff, 0xff]
        + [UInt8](repeating: 7, count: 256)
    private static let headers = [
        FrameScanner.Header(length: 6, type: 4, flags: 0, stream: 0),
        FrameScanner.Header(length: 0, type: 9, flags: 4, stream: 1),
        FrameScanner.Header(length: 256, type: 0, flags: 1, stream: .max),
    ]

    private func scan(_ pieces: [ArraySlice<UInt8>]) -> (headers: [FrameScanner.Header], isInside: [Bool]) {
        var scanner = FrameScanner(preface: 24)
        var found: [FrameScanner.Header] = []
        var isInside: [Bool] = []
        for piece in pieces {
            Array(piece).withUnsafeBytes { bytes in
                var offset = 0
                while let header = scanner.next(in: bytes, at: &offset) { found.append(header) }
                #expect(offset == bytes.count)
            }
            isInside.append(scanner.isInsideFrame)
        }
        return (found, isInside)
    }

    @Test(arguments: [1, 2, 5, 8, 9, 10, 33, 1000])
    func `headers are found however the bytes are cut`(size: Int) {
        let bytes = Self.stream
        let pieces = stride(from: 0, to: bytes.count, by: size).map { bytes[$0..<min($0 + size, bytes.count)] }
        #expect(scan(pieces).headers == Self.headers)
    }

    @Test func `a frame is open from its first octet to its last`() {
        let bytes = Self.stream
        let pieces = (0..<bytes.count).map { bytes[$0...$0] }
        let isInside = scan(pieces).isInside
        let complete = isInside.indices.filter { !isInside[$0] }
        #expect(complete == [23, 38, 47, 312])
    }
}
