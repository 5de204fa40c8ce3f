import API

/// The services of Parapet, by the name in their certificates, containers and logs.
public enum ServiceName: String, Sendable, CaseIterable {
    case account = "account-service"
    case sync = "sync-service"
    case assessment = "assessment-service"

    /// The URI name of the service's certificate.
    public var uri: String { Self.uriPrefix + rawValue }

    /// What every service's URI name begins with, and no person's.
    public static let uriPrefix = "spiffe://parapet/"

    /// Where it listens unless told otherwise.
    public var defaultPort: UInt16 {
        switch self {
        case .account: 7741
        case .sync: 7742
        case .assessment: 7743
        }
    }

    /// The name of what it serves, on the wire.
    public var serviceName: String {
        switch self {
        case .account: AccountMethods.service
        case .sync: SyncMethods.service
        case .assessment: AssessmentMethods.service
        }
    }
}
