/// How the messages of a call are compressed (gRPC's compression document); names as in `grpc-encoding`.
public enum Compression: String, Sendable, CaseIterable {
    case identity
    case gzip

    /// For `grpc-accept-encoding`.
    static let accepted: StaticString = "identity,gzip"

    init?(_ name: some Collection<UInt8>) {
        if name.elementsEqual("identity".utf8) {
            self = .identity
        } else if name.elementsEqual("gzip".utf8) {
            self = .gzip
        } else {
            return nil
        }
    }

    /// Whether gzip stands in a `grpc-accept-encoding`: names between commas, spaces allowed.
    static func listsGzip(_ value: ArraySlice<UInt8>) -> Bool {
        value.split(separator: UInt8(ascii: ",")).contains { entry in
            let name = entry.drop { $0 == UInt8(ascii: " ") }
            return name.starts(with: "gzip".utf8) && name.dropFirst(4).allSatisfy { $0 == UInt8(ascii: " ") }
        }
    }
}
