/// A number as its text, so that nothing is lost between reading and writing it.
///
/// Two numbers are equal when their canonical texts are: `1.50` equals `1.5` and `15e-1`.
public struct JSONNumber: Sendable, Hashable {
    /// The text as it was read, in JSON's grammar.
    public let text: String

    /// Of text that is a JSON number already.
    init(unchecked text: String) { self.text = text }

    public init(_ value: some BinaryInteger) { text = String(value) }

    /// Nil where the value is not finite: JSON has no text for it.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        text = Self.shortest(value)
    }

    /// The value if it is an integer (`1`, `1.0` and `1e0` are) that fits.
    public var int64: Int64? { Int64(text) ?? Int64(exactly: double) }

    /// The value if it is an integer that fits.
    public var uint64: UInt64? { UInt64(text) ?? UInt64(exactly: double) }

    /// The nearest double.
    public var double: Double { Double(text) ?? 0 }

    /// One text per value: an integer's digits kept, anything else the shortest text that reads back as the same
    /// double.
    public var canonicalText: String {
        if isIntegerText { return text == "-0" ? "0" : text }
        return Self.shortest(double)
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.text == right.text || left.canonicalText == right.canonicalText
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(canonicalText) }

    private var isIntegerText: Bool {
        text.utf8.allSatisfy { $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func shortest(_ value: Double) -> String {
        if value == 0 { return "0" }
        let text = value.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
