import CProtobuf
import Glibc
import TestSupport
import Wire

/// The same descriptors, once for our dynamic messages and once for Google's runtime.
///
/// `@unchecked Sendable`: the runtime's descriptors do not change after they are built, and its factory locks itself.
final class Oracle: @unchecked Sendable {
    let pool: DescriptorPool
    private let handle: OpaquePointer

    /// The contract's messages.
    static let contract = required { try Checkout.read("share/parapet/descriptors.pb") }
    /// The messages of `kinds.proto`.
    static let kinds = required { try Checkout.read("Tests/Fuzz/Targets/kinds.pb") }

    private init?(_ set: [UInt8]) {
        guard let handle = cprotobuf_pool_create(set, set.count), let pool = try? DescriptorPool(decoding: set) else {
            return nil
        }
        self.handle = handle
        self.pool = pool
    }

    private static func required(_ set: () throws -> [UInt8]) -> Oracle {
        guard let bytes = try? set(), let oracle = Oracle(bytes) else { fatalError("descriptors cannot be read") }
        return oracle
    }

    /// What Google's runtime makes of encoded bytes, encoded again; nil where it refuses them.
    func decode(_ message: String, _ bytes: [UInt8]) -> [UInt8]? {
        Self.take(cprotobuf_decode(handle, message, bytes, bytes.count))
    }

    /// What Google's runtime makes of a JSON text, encoded; nil where it refuses it.
    func decodeJSON(_ message: String, _ text: [UInt8]) -> [UInt8]? {
        text.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) {
                Self.take(cprotobuf_decode_json(handle, message, $0.baseAddress, $0.count))
            }
        }
    }

    private static func take(_ bytes: cprotobuf_bytes) -> [UInt8]? {
        guard let data = bytes.data else { return nil }
        defer { free(data) }
        return Array(UnsafeBufferPointer(start: data, count: bytes.count))
    }
}
