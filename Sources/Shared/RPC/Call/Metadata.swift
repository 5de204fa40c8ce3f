import Platform

/// The custom headers of a call, in order, names in lower case and repeatable.
///
/// Values are kept as they cross the wire, so that a server pays for decoding only what its handlers read: a name that
/// ends in `-bin` has bytes, in base64 on the wire; any other has printable ASCII.
public struct Metadata: Sendable, Equatable {
    /// Where a field's name and value lie in `storage`; the value follows the name.
    private struct Field: Sendable, Equatable {
        var start: Int32
        var nameCount: Int32
        var valueCount: Int32
    }

    private var storage: [UInt8] = []
    private var fields: [Field] = []

    public init() {}

    public var isEmpty: Bool { fields.isEmpty }
    public var count: Int { fields.count }

    /// The first value of `name`; nil when there is none. For a `-bin` name, see ``bytes(_:)``.
    public subscript(_ name: String) -> String? {
        values(name).first
    }

    /// All values of `name`, in order.
    public func values(_ name: String) -> [String] {
        matching(name).map { String(decoding: storage[valueRange($0)], as: UTF8.self) }
    }

    /// The first value of a `-bin` name, decoded; nil when there is none or it is no base64. Padded or not.
    public func bytes(_ name: String) -> [UInt8]? {
        binaryParts(name).first.flatMap { Base64.decode($0.span, .metadata) }
    }

    /// All values of a `-bin` name, decoded, in order; nil when one is no base64.
    ///
    /// A peer or proxy may join several values by commas, which base64 has none of (PROTOCOL-HTTP2, Custom-Metadata).
    public func allBytes(_ name: String) -> [[UInt8]]? {
        var values: [[UInt8]] = []
        for part in binaryParts(name) {
            guard let value = Base64.decode(part.span, .metadata) else { return nil }
            values.append(value)
        }
        return values
    }

    private func binaryParts(_ name: String) -> [ArraySlice<UInt8>] {
        matching(name).flatMap {
            storage[valueRange($0)].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
                // What joins may put a space behind the comma.
                $0.drop { $0 == UInt8(ascii: " ") }
            }
        }
    }

    /// Adds a text value.
    ///
    /// - Returns: False, and nothing is added, when the name has characters other than `0-9 a-z _ - .` (after
    ///   lower-casing), is reserved (`grpc-…`, `:…`, `te`, `content-type`), ends in `-bin`, or the value is not printable ASCII.
    @discardableResult
    public mutating func add(_ name: String, _ value: String) -> Bool {
        let name = name.lowercased()
        guard Self.isAllowed(name), !name.hasSuffix("-bin"), value.utf8.allSatisfy({ $0 >= 0x20 && $0 <= 0x7e })
        else { return false }
        append(name: name.utf8, value: value.utf8)
        return true
    }

    /// Adds a binary value; the name must end in `-bin`. Returns false, and adds nothing, for any other name.
    @discardableResult
    public mutating func add(_ name: String, bytes: [UInt8]) -> Bool {
        let name = name.lowercased()
        guard Self.isAllowed(name), name.hasSuffix("-bin") else { return false }
        append(name: name.utf8, value: Base64.encode(bytes.span, .metadata))
        return true
    }

    /// Adds a field as it came from, or goes to, the wire.
    mutating func append(name: some Collection<UInt8>, value: some Collection<UInt8>) {
        guard let start = Int32(exactly: storage.count), let nameCount = Int32(exactly: name.count),
            let valueCount = Int32(exactly: value.count)
        else { return }
        storage.append(contentsOf: name)
        storage.append(contentsOf: value)
        fields.append(Field(start: start, nameCount: nameCount, valueCount: valueCount))
    }

    /// Calls `body` with each field's name and value as bytes of the wire.
    func forEachOnWire(_ body: (ArraySlice<UInt8>, ArraySlice<UInt8>) -> Void) {
        for field in fields { body(storage[nameRange(field)], storage[valueRange(field)]) }
    }

    private func matching(_ name: String) -> [Field] {
        let wanted = name.lowercased().utf8
        return fields.filter { storage[nameRange($0)].elementsEqual(wanted) }
    }

    private func nameRange(_ field: Field) -> Range<Int> {
        Int(field.start)..<Int(field.start) + Int(field.nameCount)
    }

    private func valueRange(_ field: Field) -> Range<Int> {
        let start = Int(field.start) + Int(field.nameCount)
        return start..<start + Int(field.valueCount)
    }

    private static func isAllowed(_ name: String) -> Bool {
        guard !name.isEmpty, !name.hasPrefix("grpc-"), name != "te", name != "content-type" else { return false }
        return name.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): true
            default: false
            }
        }
    }
}

extension Metadata: CustomStringConvertible {
    /// Names only: a value may be a credential.
    public var description: String {
        "[" + fields.map { String(decoding: storage[nameRange($0)], as: UTF8.self) }.joined(separator: ", ") + "]"
    }
}
