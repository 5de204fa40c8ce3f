/// Where credentials come from, before anybody was asked for them.
indirect enum CredentialPlan: Sendable, Equatable {
    /// Keys that stand in a variable or a file. `place` says which.
    case keys(AWSCredentials, place: String)
    /// A role of a profile, assumed with other credentials.
    case role(ProfileRole, by: CredentialPlan)
    /// A role that is assumed with a token from a file.
    case webIdentity(WebIdentity)
    /// A program of the profile that prints credentials.
    case process(ProcessSource)
    /// The endpoint that ECS and EKS tell their containers of.
    case container(url: String)
    /// The metadata service of an EC2 instance.
    case instanceMetadata

    /// For logs and errors; holds no secret.
    var description: String {
        switch self {
        case .keys(_, let place): place
        case .role(let role, let source): "profile \(role.profile) (role \(role.roleARN), by \(source.description))"
        case .webIdentity(let identity): "\(identity.place) (web identity, role \(identity.roleARN))"
        case .process(let source): "profile \(source.profile) (credential_process)"
        case .container(let url): "the container's credentials at \(url.prefix { $0 != "?" })"
        case .instanceMetadata: "the instance's metadata service"
        }
    }

    /// Whether what it gives is a role's session, by which another role's session lasts an hour at most.
    var isRoleSession: Bool {
        switch self {
        case .role, .webIdentity, .container, .instanceMetadata: true
        case .keys, .process: false
        }
    }
}

/// What a profile says of its role. The external ID is a secret, and is shown by no description.
struct ProfileRole: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A session of a role that was assumed by a role's session ("role chaining") lasts no longer.
    static let chainedLimit = Duration.seconds(3600)

    var profile: String
    var roleARN: String
    var externalID: String?
    var sessionName: String?
    var duration: Duration?

    /// What STS is asked for: its usual hour where nothing is said, and no more than it gives.
    func duration(by source: CredentialPlan) -> Duration {
        let wanted = duration ?? Self.chainedLimit
        return source.isRoleSession ? min(wanted, Self.chainedLimit) : wanted
    }

    var description: String { "ProfileRole(\(profile), \(roleARN))" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: ["profile": profile, "roleARN": roleARN]) }
}

struct WebIdentity: Sendable, Equatable {
    var tokenFile: String
    var roleARN: String
    var sessionName: String?
    /// The profile or the variables.
    var place: String
}

/// Its command may hold a secret, and is shown by no description.
struct ProcessSource: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var profile: String
    /// Its words; no shell sees them.
    var command: [String]

    var description: String { "ProcessSource(\(profile))" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: ["profile": profile]) }
}
