import RPC
import Wire

/// What the checked-in descriptors say: the messages, and who may call.
struct Contract: Sendable {
    let pool: DescriptorPool
    let policy: AccessPolicy

    init(_ share: ShareDirectory) throws {
        let bytes = try share.read("descriptors.pb")
        policy = try AccessPolicy(descriptors: bytes)
        do throws(WireError) {
            pool = try DescriptorPool(try FileDescriptorSet(decoding: bytes).file)
        } catch {
            throw ConfigurationError.unusable("descriptors.pb: \(error)")
        }
    }

    func names(_ services: [any RPCService]) -> [String] {
        services.map { type(of: $0).serviceName }
    }
}
