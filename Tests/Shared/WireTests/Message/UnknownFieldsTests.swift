import Testing
import Wire

struct UnknownFieldsTests {
    private let stray =
        hex("a0 06 96 01") + hex("a9 06 01 02 03 04 05 06 07 08") + hex("b2 06 02 68 69") + hex("bb 06 08 01 bc 06")
        + hex("c5 06 01 00 00 00")

    @Test func `unknown fields are kept, at every level`() throws {
        let decoded = try Sample(decoding: hex("08 05") + stray + hex("30 01"))
        #expect(decoded.unknownFields.bytes == stray)
        #expect(decoded.number == 5 && decoded.flag)
        #expect(decoded.encoded() == stray + hex("08 05 30 01"))
        let outer = try Sample(decoding: Sample.with { $0.children = [decoded] }.encoded())
        #expect(outer.children == [decoded] && outer.unknownFields.isEmpty)
    }

    @Test func `their values can be read`() throws {
        let fields = try Sample(decoding: stray).unknownFields
        #expect(fields.values(of: 100) == [.varint(150)])
        #expect(fields.values(of: 101) == [.fixed64(0x0807_0605_0403_0201)])
        #expect(fields.bytes(of: 102) == Array("hi".utf8))
        #expect(fields.values(of: 103) == [.group([8, 1])])
        #expect(fields.values(of: 104) == [.fixed32(1)])
        #expect(fields.varint(of: 102) == nil && fields.bytes(of: 100) == nil)
        var copy = UnknownFields()
        for (number, value) in fields.values { copy.append(number, value) }
        #expect(copy == fields)
    }

    @Test func `a field of another wire type is unknown`() throws {
        let decoded = try Sample(decoding: hex("0d 01 00 00 00 10 01"))
        #expect(decoded.number == 0 && decoded.text.isEmpty && decoded.unknownFields.bytes.count == 7)
    }

    @Test func `an enumeration keeps numbers without a case`() throws {
        let decoded = try Sample(decoding: hex("58 63 62 03 01 63 05 68 63"))
        #expect(decoded.colour == .unspecified && decoded.colours == [.red, .green] && decoded.maybeColour == nil)
        #expect(decoded.unknownFields.values.map(\.number) == [11, 12, 13])
        let again = try Sample(decoding: decoded.encoded())
        #expect(again == decoded)
        #expect(
            decoded.jsonText() == "{\"colour\":99,\"colours\":[\"COLOUR_RED\",\"COLOUR_GREEN\",99],\"maybeColour\":99}")
        #expect(try Sample(json: decoded.jsonValue()) == decoded)
    }

    @Test func `the last value of an enumeration wins, known or not`() throws {
        let known = try Sample(decoding: hex("58 63 58 05"))
        #expect(known.colour == .green && known.unknownFields.isEmpty)
        let zero = try Sample(decoding: hex("58 63 58 00"))
        #expect(zero.colour == .unspecified && zero.unknownFields.isEmpty)
        let unknown = try Sample(decoding: hex("58 05 58 63"))
        #expect(unknown.colour == .unspecified && unknown.unknownFields.varint(of: 11) == 99)
        var set = unknown
        set.colour = .red
        #expect(try Sample(decoding: set.encoded()).colour == .red)
    }
}
