import Platform

/// Keys to sign with. Its description never shows the secret or the token.
struct AWSCredentials: Sendable, Equatable {
    var accessKeyID: String
    var secretAccessKey: String
    /// Set for temporary credentials.
    var sessionToken: String?
    /// When AWS stops taking them; nil for keys without an end.
    var expiration: WallTime?

    init(
        accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil, expiration: WallTime? = nil
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
    }

    /// For calls that are not signed.
    static let unsigned = AWSCredentials(accessKeyID: "", secretAccessKey: "")
    var isUnsigned: Bool { accessKeyID.isEmpty }
}

extension AWSCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String {
        "AWSCredentials(\(accessKeyID), \(sessionToken == nil ? "long-lived" : "temporary"))"
    }
    var debugDescription: String { description }
    /// `dump` and string interpolation of optionals go through the mirror.
    var customMirror: Mirror { Mirror(self, children: ["accessKeyID": accessKeyID]) }
}

/// Gives credentials that are valid now, renewing them as needed.
protocol CredentialsProvider: Sendable {
    func credentials() async throws(AWSError) -> AWSCredentials
    /// Forgets what is held, after AWS refused it as expired; the next call renews. `refused` guards against
    /// forgetting what another call has renewed already.
    func invalidate(_ refused: AWSCredentials) async
}

extension CredentialsProvider {
    func invalidate(_ refused: AWSCredentials) async {}
}

/// The same credentials always.
struct StaticCredentials: CredentialsProvider {
    let value: AWSCredentials
    init(_ value: AWSCredentials) { self.value = value }
    func credentials() async throws(AWSError) -> AWSCredentials { value }
}
