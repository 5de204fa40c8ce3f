import Testing

@testable import RPC

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

    @Test(
        arguments: [
            (["AH//", "AQ"], [[0, 127, 255], [1]]), (["AH//,AQ==, Ag"], [[0, 127, 255], [1], [2]]),
            (["", "AQ"], [[], [1]]),
        ] as [([String], [[UInt8]])])
    func `binary values may be padded, and joined by commas`(wire: [String], values: [[UInt8]]) {
        var metadata = Metadata()
        for value in wire { metadata.append(name: "k-bin".utf8, value: value.utf8) }
        #expect(metadata.allBytes("k-bin") == values)
        #expect(metadata.bytes("k-bin") == values[0])
    }

    @Test func `a binary value that is no base64 is told from none`() {
        var metadata = Metadata()
        #expect(metadata.allBytes("k-bin") == [])
        metadata.append(name: "k-bin".utf8, value: "AQ,?".utf8)
        #expect(metadata.allBytes("k-bin") == nil)
    }
}
