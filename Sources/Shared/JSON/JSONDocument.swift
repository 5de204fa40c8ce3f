import CSimdjson

/// A parsed JSON text that is read in place: no tree is built until one is asked for.
///
/// Walk it from ``root``. For large bodies of which little is kept, or whose shape is known.
public final class JSONDocument: @unchecked Sendable {
    // Sendable: the C side changes nothing after parsing, and `deinit` runs once.
    private let handle: OpaquePointer
    let tape: UnsafePointer<UInt64>
    private let strings: UnsafePointer<UInt8>
    private let source: UnsafeBufferPointer<UInt8>

    /// Parses one JSON text, strictly; but a name may occur twice in an object (``JSONElement/value()`` refuses that).
    ///
    /// - Parameter depthLimit: How many arrays and objects that are not empty may be open at once; 1 to 1,000.
    public init(parsing bytes: [UInt8], depthLimit: Int = JSONValue.standardDepthLimit) throws(JSONError) {
        let depthLimit = min(max(depthLimit, 1), 1000)
        var status: Int32 = 0
        let parsed = bytes.withUnsafeBufferPointer {
            csimdjson_parse($0.baseAddress, $0.count, depthLimit, &status)
        }
        guard let parsed else { throw Self.error(status, in: bytes, depthLimit: depthLimit) }
        handle = parsed
        tape = csimdjson_tape(parsed)
        strings = csimdjson_strings(parsed)
        source = UnsafeBufferPointer(start: csimdjson_source(parsed), count: csimdjson_source_length(parsed))
    }

    deinit { csimdjson_free(handle) }

    /// The one value of the text.
    public var root: JSONElement { JSONElement(document: self, index: 1) }

    /// simdjson does not say where it stopped, so a failed text is read a second time, slowly.
    private static func error(_ status: Int32, in bytes: [UInt8], depthLimit: Int) -> JSONError {
        let kind: JSONError.Kind =
            switch UInt32(bitPattern: status) {
            case CSIMDJSON_TOO_DEEP.rawValue: .tooDeep
            case CSIMDJSON_NUMBER.rawValue: .numberOutOfRange
            case CSIMDJSON_UTF8.rawValue: .invalidUTF8
            case CSIMDJSON_EMPTY.rawValue: .empty
            case CSIMDJSON_MEMORY.rawValue: .outOfMemory
            default: .malformed
            }
        if kind == .outOfMemory { return JSONError(kind, offset: 0) }
        var locator = JSONFaultLocator(bytes, depthLimit: depthLimit)
        return locator.fault() ?? JSONError(kind, offset: 0)
    }

    func string(at offset: Int) -> String { withString(at: offset) { String(decoding: $0, as: UTF8.self) } }

    func withString<T>(at offset: Int, _ body: (UnsafeBufferPointer<UInt8>) -> T) -> T {
        let length = UnsafeRawPointer(strings + offset).loadUnaligned(as: UInt32.self)
        return body(UnsafeBufferPointer(start: strings + offset + 4, count: Int(length)))
    }

    /// The text of the number that begins at `offset` of the input.
    func numberText(at offset: Int) -> String { withNumberText(at: offset) { String(decoding: $0, as: UTF8.self) } }

    func withNumberText<T>(at offset: Int, _ body: (UnsafeBufferPointer<UInt8>) -> T) -> T {
        var end = offset
        while end < source.count, JSONFaultLocator.isInNumber(source[end]) { end += 1 }
        return body(UnsafeBufferPointer(rebasing: source[offset..<end]))
    }

    /// The byte at which the string at tape index `index` begins: strings stand on the tape in the order of the text.
    func sourceOffset(ofStringAt index: Int) -> Int {
        var ordinal = 0
        var cursor = 1
        while cursor < index {
            let element = JSONElement(document: self, index: cursor)
            if element.tag == JSONElement.stringTag { ordinal += 1 }
            cursor += element.width
        }
        var inString = false
        var offset = 0
        while offset < source.count {
            if source[offset] == UInt8(ascii: "\"") {
                if !inString {
                    if ordinal == 0 { return offset }
                    ordinal -= 1
                }
                inString.toggle()
            } else if inString, source[offset] == UInt8(ascii: "\\") {
                offset += 1
            }
            offset += 1
        }
        return source.count
    }
}
