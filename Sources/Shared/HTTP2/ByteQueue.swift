/// Bytes in at the end, out at the front; keeps its storage when it runs empty.
public struct ByteQueue: Sendable {
    /// The queued bytes are those from `head` on.
    private var storage: [UInt8] = []
    private var head = 0

    public init() {}

    public var count: Int { storage.count - head }
    public var isEmpty: Bool { count == 0 }

    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        storage.append(contentsOf: bytes)
    }

    public mutating func append(_ bytes: some Collection<UInt8>) {
        storage.append(contentsOf: bytes)
    }

    /// The byte at `index` from the front.
    public subscript(_ index: Int) -> UInt8 { storage[head + index] }

    /// A copy of the bytes at `range`, counted from the front.
    public func bytes(_ range: Range<Int>) -> [UInt8] {
        [UInt8](storage[head + range.lowerBound..<head + range.upperBound])
    }

    /// Hands the bytes at `range`, counted from the front, to `body`.
    public func withSpan<T, E: Error>(_ range: Range<Int>, _ body: (RawSpan) throws(E) -> T) throws(E) -> T {
        let span = storage.span.bytes
        return try body(span.extracting(head + range.lowerBound..<head + range.upperBound))
    }

    /// Lets `body` append to the storage, behind what is there.
    public mutating func append<T>(with body: (inout [UInt8]) -> T) -> T { body(&storage) }

    public mutating func removeFirst(_ count: Int) {
        head += min(count, self.count)
        if head == storage.count {
            storage.removeAll(keepingCapacity: storage.capacity <= 256 << 10)
            head = 0
        } else if head > 64 << 10, head > storage.count / 2 {
            storage.removeSubrange(0..<head)
            head = 0
        }
    }

    public mutating func removeAll() { removeFirst(count) }

    /// Empties the queue, and gives its storage back when that is over `capacity` bytes.
    mutating func removeAll(keeping capacity: Int) {
        removeFirst(count)
        if storage.capacity > capacity { storage = [] }
    }

    /// Moves as many bytes as fit into `destination`; returns how many.
    mutating func move(into destination: UnsafeMutableRawBufferPointer) -> Int {
        let moved = min(count, destination.count)
        guard moved > 0, let base = destination.baseAddress else { return 0 }
        storage.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            base.copyMemory(from: start + head, byteCount: moved)
        }
        removeFirst(moved)
        return moved
    }

    mutating func withBytes<T>(_ body: (UnsafeRawBufferPointer) -> T) -> T {
        storage.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[head...])) }
    }
}
