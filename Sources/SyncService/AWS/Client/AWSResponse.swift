import JSON

/// What an operation answered, as canonical JSON: keys sorted, values by their shapes, absent members left out.
struct AWSResponse: Sendable {
    /// The output, an object. Where the operation pages, all pages joined.
    var output: [UInt8]
    /// How many pages were read; 1 where the operation does not page.
    var pages: Int
    var requestID: String?

    /// The output as a tree.
    func value() throws(AWSError) -> JSONValue {
        do { return try JSONValue(parsing: output) } catch {
            throw AWSError(.malformed("the output is no JSON: \(error)"))
        }
    }
}

/// One page of a listing, complete: it is handed over only when the reply was read to its end.
struct AWSPage: Sendable {
    /// Each item's canonical JSON, an object, in the order of the reply. A plain string is `{"value":"…"}`.
    var items: [[UInt8]]
    /// What the reply holds beside the items, tokens among it.
    var rest: [UInt8]
    /// Zero-based.
    var number: Int
    /// Whether another page follows.
    var hasNext: Bool
}
