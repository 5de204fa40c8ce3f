import API
import Wire

/// Binary decoding: the hand-written messages and the dynamic ones against each other and against Google's runtime.
enum WireTarget {
    static func run(_ input: [UInt8]) throws(Violation) {
        try dynamic("parapet.fuzz.Kinds", input, Oracle.kinds)
        try dynamic("google.protobuf.FileDescriptorSet", input, Oracle.contract)
        try typed(Asset.self, input)
        try typed(Account.self, input)
        try typed(Control.self, input)
        try typed(Alert.self, input)
        // Has the fields alone that we use, and so accepts bad bytes in the others.
        _ = try? FileDescriptorSet(decoding: input)
    }

    /// The outcomes of one input must be the same, and what is encoded must mean the same.
    private static func dynamic(_ name: String, _ input: [UInt8], _ oracle: Oracle) throws(Violation) {
        let theirs = oracle.decode(name, input)
        let decoded: DynamicMessage
        do throws(WireError) { decoded = try DynamicMessage(name, in: oracle.pool, decoding: input) } catch {
            return try require(theirs == nil || isStricter(error, input, name), "\(name): only we refuse it: \(error)")
        }
        guard let theirs else { throw Violation("\(name): only we accept it") }
        let encoded = decoded.encoded()
        try require(
            oracle.decode(name, encoded) == theirs, "\(name): encoded to another message: \(encoded), not \(theirs)")
        let again = try? DynamicMessage(name, in: oracle.pool, decoding: encoded)
        try require(again?.encoded() == encoded, "\(name): not stable: \(encoded)")
    }

    private static func typed<M: Message>(_ type: M.Type, _ input: [UInt8]) throws(Violation) {
        let name = M.protoName
        let theirs = Oracle.contract.decode(name, input)
        let decoded: M
        do throws(WireError) { decoded = try M(decoding: input) } catch {
            return try require(theirs == nil || isStricter(error, input, name), "\(name): only we refuse it: \(error)")
        }
        guard let theirs else { throw Violation("\(name): only we accept it") }
        let encoded = decoded.encoded()
        try require(decoded.encodedSize() == encoded.count, "\(name): the size is wrong")
        try require((try? M(decoding: encoded)) == decoded, "\(name): not the same after a round trip")
        try require(
            Oracle.contract.decode(name, encoded) == theirs,
            "\(name): encoded to another message: \(encoded), not \(theirs)")
    }

    /// Google's C++ cuts a tag of five bytes to 32 bits, where we refuse it, as its
    /// other runtimes do; of proto2, such as the descriptors, it checks no string.
    private static func isStricter(_ error: WireError, _ input: [UInt8], _ name: String) -> Bool {
        switch error {
        case .invalidUTF8: name.hasPrefix("google.protobuf.")
        case .invalidTag:
            input.indices.dropFirst(4).contains { end in
                0x10..<0x80 ~= input[end] && input[end - 4..<end].allSatisfy { $0 >= 0x80 }
            }
        default: false
        }
    }
}
