import JSON
import TestSupport
import Testing

struct Base64Tests {
    // RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `the published vectors hold`(plain: String, encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
        #expect(Base64.decode(encoded.replacing("=", with: "")) == Array(plain.utf8))
    }

    @Test func `both alphabets are read`() {
        #expect(Base64.decode("-_-_") == Base64.decode("+/+/"))
    }

    @Test(arguments: ["Z", "Zg=", "Zg===", "Z=g=", "Zm 9v", "Zm9v\n", "====", "Zm9vé"])
    func `anything else is refused`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func `any bytes come back`() {
        var random = SeededGenerator(seed: 1)
        for length in 0..<100 {
            let bytes = random.bytes(length)
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }
}
