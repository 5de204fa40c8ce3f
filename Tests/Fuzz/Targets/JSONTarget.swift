@testable import JSON

/// JSON texts: the fast parser against the locator of faults, and canonical text that stays what it is.
enum JSONTarget {
    static func run(_ input: [UInt8]) throws(Violation) {
        var locator = JSONFaultLocator(input, depthLimit: 20)
        let fault = locator.fault()
        let document: JSONDocument
        do throws(JSONError) { document = try JSONDocument(parsing: input, depthLimit: 20) } catch {
            try require(fault == error, "refused with \(error), located \(String(describing: fault))")
            return try require(0...input.count ~= error.offset, "located outside of the text")
        }
        try require(fault == nil, "accepted, but \(String(describing: fault)) was located")
        guard let value = try? document.root.value() else { return }
        for canonical in [true, false] {
            let text = value.bytes(canonical: canonical)
            guard let again = try? JSONValue(parsing: text) else { throw Violation("its own text is refused") }
            try require(again == value, "another value after a round trip")
            try require(again.bytes(canonical: canonical) == text, "another text after a round trip")
        }
    }
}
