import HTTP2
import Platform

@testable import RPC

/// A header list, a name and a value a line, read as the start of a call, as its end, and value by value.
enum MetadataTarget {
    static func run(_ input: [UInt8]) throws(Violation) {
        var block = HeaderBlock()
        for line in input.split(separator: UInt8(ascii: "\n"), maxSplits: 64) {
            // A pseudo-header's name begins with a colon.
            let name = line.prefix(1) + line.dropFirst().prefix { $0 != UInt8(ascii: ":") }
            let value = line.dropFirst(name.count + 1)
            block.add(name, value)
            try values(value)
        }
        _ = RequestHead(block)
        let custom = RequestHead.metadata(block)
        _ = custom.description
        _ = custom.bytes("x-bin")
        if case .failure(let error) = StatusHeaders.result(block, isOnly: false) {
            try require(error.code != .ok, "a failure with the status OK")
        }
        _ = StatusHeaders.result(block, isOnly: true)
        _ = StatusHeaders.refusedStart(block)
        try metadata(custom)
    }

    private static func values(_ value: ArraySlice<UInt8>) throws(Violation) {
        if let timeout = TimeoutHeader.parse(value) {
            try require(timeout >= .zero, "a negative timeout")
            let text = TimeoutHeader.format(timeout)
            let again = TimeoutHeader.parse(text.utf8)
            try require(again.map { $0 >= timeout } == true, "\(timeout) is written as \(text)")
        }
        let text = PercentCoding.decode(value)
        let encoded = PercentCoding.encode(text)
        try require(encoded.allSatisfy { 0x20...0x7e ~= $0 }, "percent coding leaves bytes that a header may not have")
        try require(PercentCoding.decode(encoded) == text, "another text after a round trip")
        for dialect in [Base64.Dialect.json, .metadata, .url] {
            if let bytes = Base64.decode(value.span, dialect) {
                try require(
                    Base64.bytes(Base64.text(bytes, dialect), dialect) == bytes, "other bytes after a round trip")
            }
            let text = Base64.encode(value.span, dialect)
            try require(Base64.decode(text.span, dialect) == Array(value), "other bytes after a round trip")
        }
        _ = RPCError.details(in: Array(value), code: .internalError)
        _ = Compression.listsGzip(value)
    }

    /// What a handler could pass on is what the next peer reads.
    private static func metadata(_ metadata: Metadata) throws(Violation) {
        var block = HeaderBlock()
        metadata.forEachOnWire { block.add($0, $1) }
        try require(block.count == metadata.count, "fields are lost")
        try require(RequestHead.metadata(block) == metadata, "other metadata after a round trip")
    }
}
