/// Why a text is not the JSON that was asked for.
public struct JSONError: Error, Equatable, CustomStringConvertible {
    /// The kinds of refusal.
    public enum Kind: Sendable, Equatable {
        /// Not JSON as RFC 8259 has it: no comments, no trailing commas, nothing after the value.
        case malformed
        /// Nothing but white space.
        case empty
        /// Bytes that are not UTF-8.
        case invalidUTF8
        /// More arrays and objects open at once than the limit allows.
        case tooDeep
        /// An integer outside -2^63 ..< 2^64, or a fraction that no finite double is near to.
        case numberOutOfRange
        /// One object names a member twice.
        case duplicateName
        /// The parser could not allocate what it needs.
        case outOfMemory
    }

    /// What is wrong.
    public var kind: Kind
    /// Zero-based byte at which it is wrong; the input's length where the text ends too early.
    public var offset: Int

    public init(_ kind: Kind, offset: Int) {
        self.kind = kind
        self.offset = offset
    }

    public var description: String {
        let what =
            switch kind {
            case .malformed: "malformed JSON"
            case .empty: "no JSON value"
            case .invalidUTF8: "invalid UTF-8"
            case .tooDeep: "nested too deeply"
            case .numberOutOfRange: "number out of range"
            case .duplicateName: "duplicate name"
            case .outOfMemory: "out of memory"
            }
        return "\(what) at byte \(offset)"
    }
}
