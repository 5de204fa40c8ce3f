import CNghttp2
import Glibc

/// A list of header fields in one piece of memory, received or to be sent. Names are lower case.
public struct HeaderBlock: Sendable {
    public struct Field: Sendable {
        var start: Int32
        var nameCount: Int32
        var valueCount: Int32
    }

    /// Names and values in its first `used` bytes; what is behind them is room, so that a field is one copy.
    private var storage: [UInt8] = []
    private var used = 0
    private var fields: [Field] = []
    /// Names and values, plus 32 bytes for each field (RFC 9113, 6.5.2).
    public private(set) var listSize = 0

    public init() {}

    public var count: Int { fields.count }
    public var indices: Range<Int> { fields.indices }

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

    private mutating func append(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        let count = name.count + value.count
        if storage.count - used < count {
            storage.append(contentsOf: repeatElement(0, count: max(count, storage.count, 256)))
        }
        storage.withUnsafeMutableBytes { room in
            guard let start = room.baseAddress else { return }
            if let from = name.baseAddress { memcpy(start + used, from, name.count) }
            if let from = value.baseAddress { memcpy(start + used + name.count, from, value.count) }
        }
        fields.append(
            Field(
                start: Int32(truncatingIfNeeded: used), nameCount: Int32(truncatingIfNeeded: name.count),
                valueCount: Int32(truncatingIfNeeded: value.count)))
        used += count
        listSize += count + 32
    }

    public mutating func removeAll() {
        used = 0
        fields.removeAll(keepingCapacity: true)
        listSize = 0
    }

    // MARK: Reading

    public func name(_ index: Int) -> ArraySlice<UInt8> {
        let field = fields[index]
        return storage[Int(field.start)..<Int(field.start + field.nameCount)]
    }

    public func nameCount(_ index: Int) -> Int { Int(fields[index].nameCount) }

    /// Whether the name begins with a colon.
    public func isPseudo(_ index: Int) -> Bool {
        let field = fields[index]
        return field.nameCount > 0 && storage[Int(field.start)] == UInt8(ascii: ":")
    }

    public func value(_ index: Int) -> ArraySlice<UInt8> {
        let field = fields[index]
        let start = Int(field.start + field.nameCount)
        return storage[start..<start + Int(field.valueCount)]
    }

    public func valueCount(_ index: Int) -> Int { Int(fields[index].valueCount) }

    /// Hands the value at `index` to `body`.
    public func withValue<T>(_ index: Int, _ body: (Span<UInt8>) -> T) -> T {
        let field = fields[index]
        let start = Int(field.start + field.nameCount)
        let span = storage.span
        return body(span.extracting(start..<start + Int(field.valueCount)))
    }

    /// Whether the value at `index` begins with `text`.
    public func value(_ index: Int, startsWith text: StaticString) -> Bool {
        let field = fields[index]
        guard Int(field.valueCount) >= text.utf8CodeUnitCount else { return false }
        return matches(field.start + field.nameCount, text.utf8Start, text.utf8CodeUnitCount)
    }

    /// Whether the value at `index` is `text`.
    public func value(_ index: Int, is text: StaticString) -> Bool {
        valueCount(index) == text.utf8CodeUnitCount && value(index, startsWith: text)
    }

    /// Whether the value at `index` is `bytes`.
    public func value(_ index: Int, is bytes: [UInt8]) -> Bool {
        let field = fields[index]
        guard Int(field.valueCount) == bytes.count else { return false }
        return bytes.withUnsafeBytes { other in
            other.baseAddress.map { matches(field.start + field.nameCount, $0, other.count) } ?? true
        }
    }

    private func matches(_ start: Int32, _ other: UnsafeRawPointer, _ count: Int) -> Bool {
        storage.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return count == 0 }
            return memcmp(base + Int(start), other, count) == 0
        }
    }

    public func text(_ index: Int) -> String { String(decoding: value(index), as: UTF8.self) }

    /// Whether the field at `index` is called `name`.
    public func isNamed(_ index: Int, _ name: StaticString) -> Bool {
        let field = fields[index]
        guard Int(field.nameCount) == name.utf8CodeUnitCount else { return false }
        return matches(field.start, name.utf8Start, name.utf8CodeUnitCount)
    }

    /// The index of the first field called `name`.
    public func first(_ name: StaticString) -> Int? { fields.indices.first { isNamed($0, name) } }

    /// The first value of `name`.
    public subscript(_ name: StaticString) -> String? { first(name).map { text($0) } }

    // MARK: Sending

    /// Calls `body` with the fields as nghttp2 wants them; the pointers are valid within `body` alone.
    func withFields<T>(_ body: (UnsafePointer<nghttp2_nv>?, Int) -> T) -> T {
        storage.withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: max(fields.count, 1)) { list in
                guard let base = bytes.baseAddress else { return body(nil, 0) }
                for (index, field) in fields.enumerated() {
                    let name = UnsafeMutableRawPointer(mutating: base + Int(field.start))
                    list[index] = nghttp2_nv(
                        name: name.assumingMemoryBound(to: UInt8.self),
                        value: (name + Int(field.nameCount)).assumingMemoryBound(to: UInt8.self),
                        namelen: Int(field.nameCount), valuelen: Int(field.valueCount), flags: 0)
                }
                return body(UnsafePointer(list.baseAddress), fields.count)
            }
        }
    }
}

/// Header fields that never change, kept in memory that nghttp2 need not copy.
///
/// `@unchecked Sendable`: the memory is written in `init` alone and lives as long as the process.
public final class ConstantHeaders: @unchecked Sendable {
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
