import Testing
import Wire

/// The examples of protobuf's own description of its encoding.
struct PublishedBytesTests {
    private static let examples: [(String, Sample)] = [
        ("08 96 01", .with { $0.number = 150 }),
        ("12 07 74 65 73 74 69 6e 67", .with { $0.text = "testing" }),
        ("22 06 03 8e 02 9e a7 05", .with { $0.numbers = [3, 270, 86942] }),
        ("08 fe ff ff ff ff ff ff ff ff 01", .with { $0.number = -2 }),
        ("18 80 80 80 80 80 80 80 80 80 01", .with { $0.big = .min }),
        ("30 01", .with { $0.flag = true }),
        ("39 00 00 00 00 00 00 f0 3f", .with { $0.ratio = 1 }),
        ("55 00 00 c0 7f", .with { $0.single = .nan }),
        ("82 01 03 12 01 61", .with { $0.children = [.with { $0.text = "a" }] }),
        ("a2 01 06 0a 01 6b 12 01 76", .with { $0.labels = ["k": "v"] }),
        ("70 00", .with { $0.maybeNumber = 0 }),
        ("c0 01 05", .with { $0.zigzag = -3 }),
        ("c0 01 ff ff ff ff ff ff ff ff ff 01", .with { $0.zigzag = .min }),
        ("ca 01 04 01 00 00 00", .with { $0.fixed = [1] }),
        ("", Sample()),
    ]

    @Test(arguments: examples)
    func `published bytes are written and read`(bytes: String, sample: Sample) throws {
        #expect(sample.encoded() == hex(bytes))
        #expect(sample.encodedSize() == hex(bytes).count)
        #expect(try Sample(decoding: hex(bytes)).encoded() == hex(bytes))
    }

    @Test func `a message with every field comes back`() throws {
        let encoded = Sample.full.encoded()
        #expect(encoded.count == Sample.full.encodedSize())
        #expect(try Sample(decoding: encoded) == .full)
        #expect(try Sample(decoding: encoded).unknownFields.isEmpty)
    }

    @Test func `a message is encoded by many at once, since encoding changes nothing in it`() async {
        let encoded = Sample.full.encoded()
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<2000).allSatisfy { _ in Sample.full.encoded() == encoded } }
            }
            for await isSame in group { #expect(isSame) }
        }
    }

    @Test func `encoding appends to what is there`() {
        var output: [UInt8] = [9, 9]
        Sample.with { $0.flag = true }.encode(into: &output)
        #expect(output == [9, 9] + hex("30 01"))
    }

    @Test func `fields may come in any order and twice`() throws {
        let backwards = hex("30 01") + hex("12 01 61") + hex("08 05") + hex("12 01 62") + hex("08 06")
        #expect(
            try Sample(decoding: backwards)
                == .with {
                    $0.number = 6
                    $0.text = "b"
                    $0.flag = true
                })
    }

    @Test func `lists are read packed, unpacked and mixed`() throws {
        #expect(try Sample(decoding: hex("20 01 22 02 02 03 20 04")).numbers == [1, 2, 3, 4])
        #expect(try Sample(decoding: hex("cd 01 01 00 00 00 ca 01 04 02 00 00 00")).fixed == [1, 2])
    }

    @Test func `32-bit types cut off what does not fit`() throws {
        #expect(try Sample(decoding: hex("08 81 80 80 80 10")).number == 1)
        #expect(try Sample(decoding: hex("40 ff ff ff ff ff ff ff ff ff 01")).unsigned == .max)
        #expect(try SInt32(decoding: hex("08 ff ff ff ff 7f")).value == .min)
        #expect(try SInt32(decoding: hex("08 81 80 80 80 10")).value == -1)
    }

    private struct SInt32: Message {
        static let protoName = "parapet.test.SInt32"
        var value: Int32 = 0
        var unknownFields = UnknownFields()

        init() {}

        mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
            try visitor.singular(1, "value", &value, SInt32Codec.self)
        }
    }

    @Test func `a message that comes twice is merged`() throws {
        let twice =
            Sample.with { $0.time = Timestamp(seconds: 5) }.encoded()
            + Sample.with { $0.time = Timestamp(seconds: 0, nanos: 7) }.encoded()
        #expect(try Sample(decoding: twice).time == Timestamp(seconds: 5, nanos: 7))
    }

    @Test func `the last member of a oneof wins`() throws {
        let child = Sample.with { $0.choice = .child(.with { $0.number = 1 }) }.encoded()
        let name = Sample.with { $0.choice = .name("n") }.encoded()
        #expect(try Sample(decoding: child + name).choice == .name("n"))
        #expect(try Sample(decoding: name + child).choice == .child(.with { $0.number = 1 }))
        #expect(try Sample(decoding: Sample.with { $0.choice = .name("") }.encoded()).choice == .name(""))
    }

    @Test func `an entry of a map may lack its key or value`() throws {
        #expect(try Sample(decoding: hex("a2 01 00 a2 01 03 12 01 76")).labels == ["": "v"])
        #expect(try Sample(decoding: hex("a2 01 03 0a 01 6b")).labels == ["k": ""])
    }
}
