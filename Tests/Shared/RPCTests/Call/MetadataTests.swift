import RPC
import Testing

struct MetadataTests {
    @Test func `values keep their order, names are found in any case`() {
        var metadata = Metadata()
        metadata.add("X-Id", "1")
        metadata.add("other", "2")
        metadata.add("x-id", "3")
        #expect(metadata.values("x-ID") == ["1", "3"])
        #expect(metadata["other"] == "2")
        #expect(metadata["missing"] == nil)
        #expect(metadata.count == 3)
    }

    @Test func `binary values come back as bytes`() {
        var metadata = Metadata()
        metadata.add("key-bin", bytes: [0, 127, 255])
        #expect(metadata.bytes("key-bin") == [0, 127, 255])
        #expect(metadata["key-bin"] == "AH//")
    }

    @Test(arguments: [
        ("", "x"), ("a b", "x"), ("grpc-status", "0"), (":path", "x"), ("te", "x"), ("content-type", "x"), ("é", "x"),
        ("a-bin", "x"), ("a", "new\nline"), ("a", "é"), ("a", "\u{0}"),
    ])
    func `what may not cross the wire is not added`(name: String, value: String) {
        var metadata = Metadata()
        let added = metadata.add(name, value)
        #expect(!added)
        #expect(metadata.isEmpty)
    }

    @Test func `bytes need a name that ends in -bin`() {
        var metadata = Metadata()
        let added = metadata.add("plain", bytes: [1])
        #expect(!added)
        #expect(metadata.isEmpty)
    }

    @Test func `a description has no values`() {
        var metadata = Metadata()
        metadata.add("authorization", "Bearer secret")
        #expect("\(metadata)" == "[authorization]")
    }
}
