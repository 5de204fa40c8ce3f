import CCurl

/// One request under way. Touched by the loop's thread alone after it was made, hence `@unchecked Sendable`.
final class CurlTransfer: @unchecked Sendable {
    let request: HTTPRequest
    let timeouts: HTTPTimeouts
    let sink: any ReplySink
    var continuation: CheckedContinuation<AWSError?, Never>?
    var handle: CurlHandle?
    var isCancelled = false
    private var head = HTTPResponseHead()
    private var hasBegun = false
    /// Whether anything of a reply came.
    var isAnswered: Bool { head.status != 0 }

    init(_ request: HTTPRequest, _ timeouts: HTTPTimeouts, _ sink: any ReplySink) {
        self.request = request
        self.timeouts = timeouts
        self.sink = sink
    }

    fileprivate func header(_ line: UnsafeBufferPointer<UInt8>) {
        if line.starts(with: "HTTP/".utf8) {
            // `HTTP/1.1 200 OK`, `HTTP/2 200`.
            let digits = line.drop { $0 != UInt8(ascii: " ") }.dropFirst().prefix { $0 > 0x20 }
            head = HTTPResponseHead(status: Int(String(decoding: digits, as: UTF8.self)) ?? 0)
        } else if line.contains(where: { $0 > 0x20 }) {
            head.add(line)
        } else if head.status >= 200 {
            begin()
        }
    }

    fileprivate func body(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        if !hasBegun { begin() }
        return sink.receive(bytes)
    }

    private func begin() {
        hasBegun = true
        sink.begin(head)
    }
}

extension Duration {
    /// At least 1, rounded up.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return max(1, Int(clamping: seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
}

private func buffer(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: UnsafeRawPointer(bytes)?.assumingMemoryBound(to: UInt8.self), count: count)
}

func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context else { return -1 }
    let total = size * count
    let isTaken = Unmanaged<CurlTransfer>.fromOpaque(context)._withUnsafeGuaranteedRef {
        $0.body(buffer(bytes, total))
    }
    // Anything but the whole ends the transfer.
    return isTaken ? total : -1
}

func receiveHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context else { return -1 }
    Unmanaged<CurlTransfer>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.header(buffer(bytes, size * count)) }
    return size * count
}
