public import RPC

/// INVALID_ARGUMENT in one form: `field: rule; got 'value'`.
public enum FieldRule {
    /// The error for a value that breaks a rule.
    ///
    /// - Parameters:
    ///   - field: Its name in the `.proto`.
    ///   - rule: What is allowed, such as `1 to 64 bytes`.
    ///   - got: The value, shortened to 100 characters; nil for a secret, and where it says nothing.
    public static func violated(_ field: String, _ rule: String, got: String? = nil) -> RPCError {
        guard let got else { return violated(field, text: rule) }
        let shown = got.prefix(100).map { $0.isNewline || $0.asciiValue.map { $0 < 32 } == true ? "?" : "\($0)" }
        let cut = got.count > 100 ? "…" : ""
        return violated(field, text: "\(rule); got '\(shown.joined())\(cut)'")
    }

    /// The error carries the field for programs too (`google.rpc.BadRequest`).
    private static func violated(_ field: String, text: String) -> RPCError {
        RPCError(
            .invalidArgument, "\(field): \(text)",
            details: [.badRequest([FieldViolation(field: field, description: text)])])
    }

    /// The value, which must not be empty.
    @discardableResult
    public static func required(_ field: String, _ value: String) throws(RPCError) -> String {
        if value.isEmpty { throw violated(field, "is required") }
        return value
    }

    /// The message, which must be set.
    public static func required<Value>(_ field: String, _ value: Value?) throws(RPCError) -> Value {
        guard let value else { throw violated(field, "is required") }
        return value
    }

    /// The text, whose length in bytes of UTF-8 must lie in `range`.
    @discardableResult
    public static func length(
        _ field: String, _ value: String, in range: ClosedRange<Int>, isSecret: Bool = false
    ) throws(RPCError) -> String {
        guard range.contains(value.utf8.count) else {
            let rule = "\(range.lowerBound) to \(range.upperBound) bytes"
            throw violated(field, "\(rule), has \(value.utf8.count)", got: isSecret ? nil : value)
        }
        return value
    }

    /// The number, which must lie in `range`.
    @discardableResult
    public static func range<Number: FixedWidthInteger>(
        _ field: String, _ value: Number, in range: ClosedRange<Number>
    ) throws(RPCError) -> Number {
        guard range.contains(value) else {
            throw violated(field, "\(range.lowerBound) to \(range.upperBound)", got: "\(value)")
        }
        return value
    }

    /// The text, which must be one of `choices`.
    @discardableResult
    public static func oneOf(_ field: String, _ value: String, _ choices: [String]) throws(RPCError) -> String {
        guard choices.contains(value) else {
            throw violated(field, "one of \(choices.joined(separator: ", "))", got: value)
        }
        return value
    }

    /// How many rows a page has: `standard` for 0, at most `limit`.
    public static func pageSize(_ value: Int32, standard: Int = 100, limit: Int = 1000) throws(RPCError) -> Int {
        if value < 0 { throw violated("page_size", "0 or more", got: "\(value)") }
        return value == 0 ? standard : min(Int(value), limit)
    }
}
