import CNghttp2
import Glibc

/// A list of header fields in one piece of memory, received or to be sent. Names are lower case.
public struct HeaderBlock: Sendable {
    /// Where a field is in the storage.
    private struct Field {
        /// Where the name begins; the value follows it.
        let name: Int
        let nameCount: Int
        let valueCount: Int

        var value: Int { name + nameCount }
        var end: Int { value + valueCount }
    }

    /// The indices of a list, in order. They mean something to that list alone.
    public struct Indices: Sequence, IteratorProtocol {
        let block: HeaderBlock
        var position: Int?

        public mutating func next() -> Int? {
            defer { position = position.flatMap { block.index(after: $0) } }
            return position
        }
    }

    /// In its first `used` bytes one field after the other: the lengths of name and value, four bytes each, and both.
    /// Behind them is room, so that a field is one copy.
    private var storage: [UInt8] = []
    private var used = 0
    public private(set) var count = 0
    private static let lengths = 8

    public init() {}

    /// Names and values, plus 32 bytes for each field (RFC 9113, 6.5.2).
    public var listSize: Int { used + count * (32 - Self.lengths) }

    public mutating func add(_ name: some Collection<UInt8>, _ value: some Collection<UInt8>) {
        let name = Array(name)
        let value = Array(value)
        name.withUnsafeBytes { name in value.withUnsafeBytes { append(name, $0) } }
    }

    public mutating func add(_ name: StaticString, _ value: String) {
        var value = value
        value.withUTF8 {
            append(
                UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), UnsafeRawBufferPointer($0)
            )
        }
    }

    public mutating func add(_ name: StaticString, constant value: StaticString) {
        append(
            UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount),
            UnsafeRawBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
    }

    /// False, and nothing is added, when the list would be over the limit.
    mutating func add(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, listLimit: Int) -> Bool {
        guard listSize + name.count + value.count + 32 <= listLimit else { return false }
        append(name, value)
        return true
    }

    @inline(__always)
    private mutating func append(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        let end = used + Self.lengths + name.count + value.count
        if storage.count < end { grow(to: end) }
        storage.withUnsafeMutableBytes { room in
            guard let start = room.baseAddress.map({ $0 + used }) else { return }
            start.storeBytes(of: UInt32(truncatingIfNeeded: name.count), as: UInt32.self)
            start.storeBytes(of: UInt32(truncatingIfNeeded: value.count), toByteOffset: 4, as: UInt32.self)
            if let from = name.baseAddress { memcpy(start + Self.lengths, from, name.count) }
            if let from = value.baseAddress { memcpy(start + Self.lengths + name.count, from, value.count) }
        }
        used = end
        count += 1
    }

    /// Appends the fields of another list.
    public mutating func append(_ other: HeaderBlock) {
        let end = used + other.used
        if storage.count < end { grow(to: end) }
        storage.withUnsafeMutableBytes { room in
            other.storage.withUnsafeBytes { from in
                guard let start = room.baseAddress, let from = from.baseAddress else { return }
                memcpy(start + used, from, other.used)
            }
        }
        used = end
        count += other.count
    }

    @inline(never)
    private mutating func grow(to end: Int) {
        var larger = [UInt8](repeating: 0, count: max(end, 2 * storage.count, 320))
        larger.replaceSubrange(0..<used, with: storage[0..<used])
        storage = larger
    }

    public mutating func removeAll() {
        used = 0
        count = 0
    }

    // MARK: Reading

    public var indices: Indices { Indices(block: self, position: firstIndex) }
    public var firstIndex: Int? { used == 0 ? nil : 0 }
    public func index(after index: Int) -> Int? {
        let next = field(index).end
        return next < used ? next : nil
    }

    @inline(__always)
    private func field(_ index: Int) -> Field {
        precondition(index >= 0 && index + Self.lengths <= used)
        return storage.withUnsafeBytes {
            Field(
                name: index + Self.lengths,
                nameCount: Int($0.loadUnaligned(fromByteOffset: index, as: UInt32.self)),
                valueCount: Int($0.loadUnaligned(fromByteOffset: index + 4, as: UInt32.self)))
        }
    }

    public func name(_ index: Int) -> ArraySlice<UInt8> {
        let field = field(index)
        return storage[field.name..<field.value]
    }

    public func nameCount(_ index: Int) -> Int { field(index).nameCount }

    /// Whether the name begins with a colon.
    public func isPseudo(_ index: Int) -> Bool {
        let field = field(index)
        return field.nameCount > 0 && storage[field.name] == UInt8(ascii: ":")
    }

    public func value(_ index: Int) -> ArraySlice<UInt8> {
        let field = field(index)
        return storage[field.value..<field.end]
    }

    public func valueCount(_ index: Int) -> Int { field(index).valueCount }

    /// Hands the value at `index` to `body`.
    public func withValue<T>(_ index: Int, _ body: (Span<UInt8>) -> T) -> T {
        let field = field(index)
        let span = storage.span
        return body(span.extracting(field.value..<field.end))
    }

    /// Whether the value at `index` begins with `text`.
    public func value(_ index: Int, startsWith text: StaticString) -> Bool {
        let field = field(index)
        guard field.valueCount >= text.utf8CodeUnitCount else { return false }
        return matches(field.value, text.utf8Start, text.utf8CodeUnitCount)
    }

    /// Whether the value at `index` is `text`.
    public func value(_ index: Int, is text: StaticString) -> Bool {
        valueCount(index) == text.utf8CodeUnitCount && value(index, startsWith: text)
    }

    /// Whether the value at `index` is `bytes`.
    public func value(_ index: Int, is bytes: [UInt8]) -> Bool {
        let field = field(index)
        guard field.valueCount == bytes.count else { return false }
        return bytes.withUnsafeBytes { other in
            other.baseAddress.map { matches(field.value, $0, other.count) } ?? true
        }
    }

    private func matches(_ start: Int, _ other: UnsafeRawPointer, _ count: Int) -> Bool {
        storage.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return count == 0 }
            return memcmp(base + start, other, count) == 0
        }
    }

    public func text(_ index: Int) -> String { String(decoding: value(index), as: UTF8.self) }

    /// Whether the field at `index` is called `name`.
    public func isNamed(_ index: Int, _ name: StaticString) -> Bool {
        let field = field(index)
        guard field.nameCount == name.utf8CodeUnitCount else { return false }
        return matches(field.name, name.utf8Start, name.utf8CodeUnitCount)
    }

    /// The index of the first field called `name`.
    public func first(_ name: StaticString) -> Int? {
        var next = firstIndex
        while let index = next {
            if isNamed(index, name) { return index }
            next = self.index(after: index)
        }
        return nil
    }

    /// The first value of `name`.
    public subscript(_ name: StaticString) -> String? { first(name).map { text($0) } }

    // MARK: Sending

    /// Calls `body` with the fields as nghttp2 wants them; the pointers are valid within `body` alone.
    func withFields<T>(_ body: (UnsafePointer<nghttp2_nv>?, Int) -> T) -> T {
        storage.withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: max(count, 1)) { list in
                guard let base = bytes.baseAddress else { return body(nil, 0) }
                var index = 0
                for position in 0..<count {
                    let field = field(index)
                    let name = UnsafeMutableRawPointer(mutating: base + field.name)
                    list[position] = nghttp2_nv(
                        name: name.assumingMemoryBound(to: UInt8.self),
                        value: (name + field.nameCount).assumingMemoryBound(to: UInt8.self),
                        namelen: field.nameCount, valuelen: field.valueCount, flags: 0)
                    index = field.end
                }
                return body(UnsafePointer(list.baseAddress), count)
            }
        }
    }
}

/// Header fields that never change, kept in memory that nghttp2 need not copy.
///
/// `@unchecked Sendable`: the memory is written in `init` alone and lives as long as the process. A structure, so that no
/// references are counted.
public struct ConstantHeaders: @unchecked Sendable {
    let list: UnsafeMutablePointer<nghttp2_nv>
    let count: Int

    /// For constants only: the memory is never freed.
    public init(_ fields: [(name: StaticString, value: StaticString)]) {
        list = .allocate(capacity: fields.count)
        count = fields.count
        let flags = UInt8(NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue | NGHTTP2_NV_FLAG_NO_COPY_VALUE.rawValue)
        for (index, field) in fields.enumerated() {
            (list + index).initialize(
                to: nghttp2_nv(
                    name: UnsafeMutablePointer(mutating: field.name.utf8Start),
                    value: UnsafeMutablePointer(mutating: field.value.utf8Start),
                    namelen: field.name.utf8CodeUnitCount, valuelen: field.value.utf8CodeUnitCount, flags: flags))
        }
    }
}

/// Header fields to send.
public enum OutgoingHeaders {
    case constant(ConstantHeaders)
    case block(HeaderBlock)

    func withFields<T>(_ body: (UnsafePointer<nghttp2_nv>?, Int) -> T) -> T {
        switch self {
        case .constant(let headers): body(headers.list, headers.count)
        case .block(let block): block.withFields(body)
        }
    }
}
