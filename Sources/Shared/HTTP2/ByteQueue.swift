import Glibc

/// Bytes in at the end, out at the front; keeps its storage when it runs empty. Not copyable, so that looking at one counts
/// no references.
public struct ByteQueue: ~Copyable, Sendable {
    /// The queued bytes are those from `head` to `tail`; behind them is room, so that to append is one copy.
    private var storage: [UInt8] = []
    private var head = 0
    private var tail = 0

    public init() {}

    public var count: Int { tail - head }
    public var isEmpty: Bool { tail == head }

    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let from = bytes.baseAddress else { return }
        reserve(bytes.count)
        storage.withUnsafeMutableBytes { room in
            guard let base = room.baseAddress else { return }
            memcpy(base + tail, from, bytes.count)
        }
        tail += bytes.count
    }

    public mutating func append(_ bytes: some Collection<UInt8>) {
        if bytes.withContiguousStorageIfAvailable({ append(UnsafeRawBufferPointer($0)) }) != nil { return }
        Array(bytes).withUnsafeBytes { append($0) }
    }

    /// Lets `body` append up to `count` bytes.
    public mutating func append(upTo count: Int, _ body: (inout OutputRawSpan) -> Void) {
        reserve(count)
        let appended = storage.withUnsafeMutableBytes { bytes in
            let room = UnsafeMutableRawBufferPointer(rebasing: bytes[tail..<tail + count])
            var output = OutputRawSpan(buffer: room, initializedCount: 0)
            body(&output)
            return output.finalize(for: room)
        }
        tail += appended
    }

    /// The byte at `index` from the front.
    public subscript(_ index: Int) -> UInt8 {
        precondition(index < count)
        return storage[head + index]
    }

    /// The four bytes from `index` on, the most significant one first.
    public func bigEndian(at index: Int) -> UInt32 {
        precondition(index >= 0 && index + 4 <= count)
        return storage.withUnsafeBytes {
            UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: head + index, as: UInt32.self))
        }
    }

    /// A copy of the bytes at `range`, counted from the front.
    public func bytes(_ range: Range<Int>) -> [UInt8] {
        precondition(range.upperBound <= count)
        return storage.withUnsafeBytes {
            [UInt8](UnsafeRawBufferPointer(rebasing: $0[head + range.lowerBound..<head + range.upperBound]))
        }
    }

    /// Hands the bytes at `range`, counted from the front, to `body`.
    public func withSpan<T, E: Error>(_ range: Range<Int>, _ body: (RawSpan) throws(E) -> T) throws(E) -> T {
        precondition(range.upperBound <= count)
        let span = storage.span.bytes
        return try body(span.extracting(head + range.lowerBound..<head + range.upperBound))
    }

    public mutating func removeFirst(_ count: Int) {
        head += min(count, self.count)
        guard head == tail else { return }
        head = 0
        tail = 0
        if storage.count > 256 << 10 { storage = [] }
    }

    public mutating func removeAll() { removeFirst(count) }

    /// Empties the queue, and gives its storage back when that is over `capacity` bytes.
    mutating func removeAll(keeping capacity: Int) {
        removeFirst(count)
        if storage.count > capacity { storage = [] }
    }

    /// Moves as many bytes as fit into `destination`; returns how many.
    mutating func move(into destination: UnsafeMutableRawBufferPointer) -> Int {
        let moved = min(count, destination.count)
        guard moved > 0, let base = destination.baseAddress else { return 0 }
        storage.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            memcpy(base, start + head, moved)
        }
        removeFirst(moved)
        return moved
    }

    func withBytes<T>(_ body: (UnsafeRawBufferPointer) -> T) -> T {
        storage.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[head..<tail])) }
    }

    // MARK: Room

    /// Makes room for `count` more bytes.
    @inline(__always)
    private mutating func reserve(_ count: Int) {
        if storage.count - tail < count { makeRoom(count) }
    }

    /// Moves the bytes to the front where that frees half of the storage, else to new storage of twice the size.
    @inline(never)
    private mutating func makeRoom(_ count: Int) {
        let queued = self.count
        if head > 0, queued + count <= storage.count / 2 {
            storage.withUnsafeMutableBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                memmove(base, base + head, queued)
            }
        } else {
            var larger = [UInt8](repeating: 0, count: max(queued + count, 2 * queued, 64))
            larger.withUnsafeMutableBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                withBytes { if let from = $0.baseAddress { memcpy(base, from, queued) } }
            }
            storage = larger
        }
        head = 0
        tail = queued
    }
}
