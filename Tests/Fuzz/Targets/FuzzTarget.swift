/// A decoder of bytes from outside, and what has to hold whatever the bytes are.
public struct FuzzTarget: Sendable {
    /// The name of its folder in `Tests/Corpus`.
    public let name: String
    private let body: @Sendable (_ input: [UInt8]) throws(Violation) -> Void

    private init(_ name: String, _ body: @escaping @Sendable (_ input: [UInt8]) throws(Violation) -> Void) {
        self.name = name
        self.body = body
    }

    /// Decodes one input. A trap, a report of a sanitizer and a ``Violation`` are all defects.
    public func run(_ input: [UInt8]) throws(Violation) { try body(input) }

    /// Every target.
    public static let all: [FuzzTarget] = [
        FuzzTarget("wire", WireTarget.run), FuzzTarget("json", JSONTarget.run),
        FuzzTarget("proto-json", ProtoJSONTarget.run), FuzzTarget("framing", FramingTarget.run),
        FuzzTarget("metadata", MetadataTarget.run), FuzzTarget("http2", HTTP2Target.run),
        FuzzTarget("http2-client", HTTP2ClientTarget.run), FuzzTarget("certificate", CertificateTarget.run),
        FuzzTarget("aws", AWSTarget.run), FuzzTarget("text", TextTarget.run),
    ]
}

/// Something that had to hold and did not.
public struct Violation: Error, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}

func require(_ condition: Bool, _ problem: @autoclosure () -> String) throws(Violation) {
    if !condition { throw Violation(problem()) }
}

/// Reads an input's first bytes as choices; the rest is what is decoded.
struct Choices {
    private(set) var rest: ArraySlice<UInt8>

    init(_ input: [UInt8]) { rest = input[...] }

    /// A number below `bound`; 0 where the input has ended.
    mutating func below(_ bound: Int) -> Int { Int(rest.popFirst() ?? 0) % bound }

    /// The next bytes: at most `count`.
    mutating func take(_ count: Int) -> [UInt8] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }
}
