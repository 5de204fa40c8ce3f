import TestSupport
import Testing
import Wire

struct HostileBytesTests {
    private static let refused: [(String, WireError)] = [
        ("08", .truncated), ("08 80", .truncated), ("12 05 61", .truncated), ("3d 00 00", .truncated),
        ("39 00", .truncated),
        // Lengths of 2^31, 2^63, 2^64 - 1: none may overflow on the way to the check.
        ("12 80 80 80 80 08 61", .truncated), ("12 80 80 80 80 80 80 80 80 80 01", .truncated),
        ("12 ff ff ff ff ff ff ff ff ff 01", .truncated), ("82 01 ff ff ff ff ff ff ff ff ff 01", .truncated),
        ("22 ff ff ff ff 07", .truncated), ("ca 01 03 01 02 03", .truncated),
        ("08 ff ff ff ff ff ff ff ff ff 82 00", .malformedVarint),
        ("08 80 80 80 80 80 80 80 80 80 80 01", .malformedVarint),
        ("ff ff ff ff ff ff ff ff ff ff 01", .malformedVarint),
        ("00", .invalidTag), ("02 00", .invalidTag), ("07", .invalidTag), ("0e 00", .invalidTag), ("0c", .invalidTag),
        ("80 80 80 80 10", .invalidTag), ("f8 ff ff ff 1f 00", .invalidTag),
        ("88 80 80 80 80 00 01", .invalidTag),
        ("12 02 c3 28", .invalidUTF8(field: 2)), ("12 03 ed a0 80", .invalidUTF8(field: 2)),
        ("12 02 c0 80", .invalidUTF8(field: 2)),
        ("a2 01 03 0a 01 ff", .invalidUTF8(field: 1)),
        ("a3 7d", .truncated), ("a3 7d 08", .truncated), ("a3 7d ac 7e", .invalidTag),
    ]

    @Test(arguments: refused)
    func `damaged bytes are refused with their reason`(bytes: String, error: WireError) {
        #expect(throws: error) { try Sample(decoding: hex(bytes)) }
    }

    @Test func `every truncated prefix is refused unless it ends between two fields`() throws {
        let encoded = Sample.full.encoded()
        var boundaries: Set<Int> = [0]
        var whole = UnknownFields()
        // An unknown-only message walks the same bytes field by field.
        for (number, value) in try Blank(decoding: encoded).unknownFields.values {
            whole.append(number, value)
            boundaries.insert(whole.bytes.count)
        }
        #expect(whole.bytes == encoded)
        for length in 0..<encoded.count {
            let accepted = (try? Sample(decoding: Array(encoded[..<length]))) != nil
            #expect(accepted == boundaries.contains(length), "\(length)")
        }
    }

    private func nested(_ levels: Int) -> [UInt8] {
        (0..<levels).reduce([]) { inner, _ in
            Sample.with { $0.unknownFields.append(16, .lengthDelimited(inner)) }.encoded()
        }
    }

    private func groups(_ levels: Int) -> [UInt8] {
        Array(repeatElement(hex("a3 7d"), count: levels).joined())
            + Array(repeatElement(hex("a4 7d"), count: levels).joined())
    }

    @Test func `messages nest to the limit and no further`() throws {
        _ = try Sample(decoding: nested(100))
        #expect(throws: WireError.tooDeep(limit: 100)) { try Sample(decoding: nested(101)) }
        #expect(throws: WireError.tooDeep(limit: 3)) { try Sample(decoding: nested(4), limits: WireLimits(depth: 3)) }
    }

    @Test func `groups that nobody knows nest to the limit and no further`() throws {
        #expect(try Sample(decoding: groups(100)).encoded() == groups(100))
        #expect(throws: WireError.tooDeep(limit: 100)) { try Sample(decoding: groups(101)) }
        #expect(throws: WireError.tooDeep(limit: 100)) { try Sample(decoding: groups(1_000_000)) }
    }

    @Test func `the number of elements is limited over the whole tree`() throws {
        let limits = WireLimits(elements: 5)
        let nested = Sample.with {
            $0.children = [.with { $0.numbers = [1, 2, 3] }, .with { $0.labels = ["a": "b"] }]
        }
        #expect(throws: WireError.tooManyElements(limit: 5)) { try Sample(decoding: nested.encoded(), limits: limits) }
        #expect(try Sample(decoding: nested.encoded(), limits: WireLimits(elements: 6)) == nested)
    }

    @Test func `the length is limited`() {
        #expect(throws: WireError.tooLarge(limitBytes: 4)) {
            try Sample(decoding: [1, 2, 3, 4, 5], limits: WireLimits(bytes: 4))
        }
    }

    @Test func `random and damaged bytes never crash, and what is accepted is stable`() throws {
        var random = SeededGenerator(seed: 99)
        let encoded = Sample.full.encoded()
        for round in 0..<30_000 {
            var bytes = round % 3 == 0 ? random.bytes(Int.random(in: 0...60, using: &random)) : encoded
            for _ in 0...Int.random(in: 0...4, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let decoded = try? Sample(decoding: bytes) else { continue }
            let again = decoded.encoded()
            #expect(again.count == decoded.encodedSize())
            // A NaN is unequal to itself, so bytes are compared.
            #expect(try Sample(decoding: again).encoded() == again, "\(bytes)")
            _ = decoded.jsonValue()
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `many values of an enumeration among many unknown fields take linear time`() throws {
        let strays = Array(repeatElement(hex("a0 06 01"), count: 200_000).joined())
        let values = Array(repeatElement(hex("58 63 58 05"), count: 100_000).joined())
        let decoded = try Sample(decoding: strays + values)
        #expect(decoded.colour == .green && decoded.unknownFields.bytes == strays)
    }

    @Test func `inputs of the corpus are refused or stable`() throws {
        for name in try Checkout.names("Tests/Corpus/wire") {
            let bytes = try Checkout.read("Tests/Corpus/wire/\(name)")
            if let decoded = try? Sample(decoding: bytes) {
                #expect(try Sample(decoding: decoded.encoded()) == decoded, "\(name)")
            }
            _ = try? DescriptorPool(decoding: bytes)
        }
    }
}

/// A message without fields.
struct Blank: Message {
    static let protoName = "parapet.test.Blank"
    var unknownFields = UnknownFields()
    init() {}
    mutating func fields<V: FieldVisitor & ~Copyable>(_: inout V) throws(WireError) {}
}
