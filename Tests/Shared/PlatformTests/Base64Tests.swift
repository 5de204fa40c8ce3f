import Platform
import TestSupport
import Testing

@Suite struct Base64Tests {
    // RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `the published vectors hold, with padding and without`(plain: String, padded: String) {
        let bytes = Array(plain.utf8)
        let bare = padded.replacing("=", with: "")
        #expect(Base64.text(bytes, .json) == padded)
        #expect(Base64.text(bytes, .metadata) == bare)
        #expect(Base64.text(bytes, .url) == bare)
        for dialect in [Base64.Dialect.json, .metadata] {
            #expect(Base64.bytes(padded, dialect) == bytes)
            #expect(Base64.bytes(bare, dialect) == bytes)
        }
        #expect(Base64.bytes(bare, .url) == bytes)
        #expect(Base64.bytes(padded, .url) == (padded == bare ? bytes : nil))
    }

    @Test func `the last two letters differ in URLs, and JSON reads both kinds`() {
        let bytes: [UInt8] = [0xfb, 0xff, 0xbe]
        #expect(Base64.text(bytes, .json) == "+/++")
        #expect(Base64.text(bytes, .metadata) == "+/++")
        #expect(Base64.text(bytes, .url) == "-_--")
        #expect(Base64.bytes("-_+/", .json) == [0xfb, 0xff, 0xbf])
        #expect(Base64.bytes("+/++", .metadata) == bytes)
        #expect(Base64.bytes("-_--", .metadata) == nil)
        #expect(Base64.bytes("-_--", .url) == bytes)
        #expect(Base64.bytes("+/++", .url) == nil)
    }

    @Test(
        arguments: [
            "A", "Z", "A===", "Zg=", "AA===", "Zg===", "Z=g=", "=AAA", "AAAA=", "====", "A*AA", "AP8=AP8=", "Zm 9v",
            "Zm9v\n", "Zm9vé", "Zm9\u{0}",
        ], [Base64.Dialect.json, .metadata, .url])
    func `anything else is refused`(text: String, dialect: Base64.Dialect) {
        #expect(Base64.bytes(text, dialect) == nil)
    }

    @Test func `a token has one text only`() {
        #expect(Base64.bytes("Zh", .url) == nil)
        #expect(Base64.bytes("Zh", .metadata) == [0x66])
    }

    @Test(arguments: [Base64.Dialect.json, .metadata, .url]) func `any bytes come back`(dialect: Base64.Dialect) {
        var random = SeededGenerator(seed: 1)
        for length in 0..<100 {
            let bytes = random.bytes(length)
            #expect(Base64.bytes(Base64.text(bytes, dialect), dialect) == bytes)
        }
    }
}
