import Crypto
import Synchronization

/// The key of one day, region and service, expanded once.
final class SigningKey: Sendable {
    private let hmac: Mutex<HMACSHA256>

    init(_ key: [UInt8]) { hmac = Mutex(HMACSHA256(key: key)) }

    func code(of bytes: [UInt8]) -> [UInt8] { hmac.withLock { $0.authenticate(bytes) } }
}

/// The keys of days, derived once.
final class SigningKeys: Sendable {
    private struct Name: Hashable {
        var accessKeyID: String
        var day: String
        var region: String
        var service: String
    }

    private let known = Mutex<[Name: SigningKey]>([:])
    private static let capacity = 1024

    func key(_ credentials: AWSCredentials, day: String, region: String, service: String) -> SigningKey {
        let name = Name(accessKeyID: credentials.accessKeyID, day: day, region: region, service: service)
        if let key = known.withLock({ $0[name] }) { return key }
        let key = SigningKey(Self.derive(credentials.secretAccessKey, day: day, region: region, service: service))
        known.withLock { known in
            if known.count >= Self.capacity { known.removeAll() }
            known[name] = key
        }
        return key
    }

    static func derive(_ secret: String, day: String, region: String, service: String) -> [UInt8] {
        var key = Array("AWS4\(secret)".utf8)
        for part in [day, region, service, "aws4_request"] {
            key = HMACSHA256.authenticate(Array(part.utf8), key: key)
        }
        return key
    }
}
