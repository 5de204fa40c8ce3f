import API
import JSON
import Wire

/// Protobuf's JSON mapping: what we read must be what Google's runtime reads, and what we write must read back.
enum ProtoJSONTarget {
    static func run(_ input: [UInt8]) throws(Violation) {
        guard let json = try? JSONValue(parsing: input) else { return }
        try dynamic("parapet.fuzz.Kinds", json, input, Oracle.kinds)
        try typed(Asset.self, json)
        try typed(Account.self, json)
        try typed(Alert.self, json)
    }

    private static func dynamic(
        _ name: String, _ json: JSONValue, _ input: [UInt8], _ oracle: Oracle
    ) throws(Violation) {
        guard let message = try? DynamicMessage(name, in: oracle.pool, json: json) else { return }
        let encoded = message.encoded()
        let written: JSONValue
        do { written = try message.jsonValue() } catch { throw Violation("\(name): cannot be written: \(error)") }
        if !isReadOtherwise(String(decoding: input, as: UTF8.self)) {
            // Where it is stricter, such as with "1.0" for an integer, it must still read what we write.
            let theirs = oracle.decodeJSON(name, input) ?? oracle.decodeJSON(name, written.bytes())
            guard let theirs else { throw Violation("\(name): refused, also as we write it: \(written.text())") }
            try require(
                oracle.decode(name, encoded) == theirs, "\(name): read as another message: \(encoded), not \(theirs)")
        }
        let again = try? DynamicMessage(name, in: oracle.pool, json: written)
        try require(again?.encoded() == encoded, "\(name): \(written.text()) reads as another message")
    }

    /// Google's C++ takes of an Any only URLs of type.googleapis.com, and spells out the zero nanoseconds of times in it;
    /// several capitals in a row are one word of a mask's path to it, -0 of a double is 0, and base64 must leave no bits
    /// over. Its other runtimes do as we do.
    private static func isReadOtherwise(_ text: String) -> Bool {
        ["@type", "\"mask\"", "-0", "\"data\"", "Fixed\"", "_fixed\""].contains { text.contains($0) }
    }

    private static func typed<M: Message>(_ type: M.Type, _ json: JSONValue) throws(Violation) {
        let name = M.protoName
        let message: M
        do throws(WireError) { message = try M(json: json) } catch {
            let other = try? DynamicMessage(name, in: Oracle.contract.pool, json: json)
            return try require(other == nil, "\(name): only the dynamic message accepts it: \(error)")
        }
        guard let other = try? DynamicMessage(name, in: Oracle.contract.pool, json: json) else {
            throw Violation("\(name): the dynamic message refuses it")
        }
        try require(
            Oracle.contract.decode(name, message.encoded()) == Oracle.contract.decode(name, other.encoded()),
            "\(name): the dynamic message is another")
        try require((try? M(json: message.jsonValue())) == message, "\(name): not the same after a round trip")
    }
}
