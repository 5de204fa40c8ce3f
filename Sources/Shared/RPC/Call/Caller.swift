/// What a person or a program may do; each role includes those below it.
public enum Role: Int, Sendable, Comparable, CaseIterable {
    case viewer = 1
    case `operator`
    case admin

    public static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }
}

/// Who makes a call, as the server's authorizer found.
public struct Caller: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        case anonymous
        case person(Role)
        /// A service, by its name (`sync-service`).
        case service(String)
    }

    public var kind: Kind
    /// For the audit log: a token's or a certificate's name, a service's name, or empty.
    public var name: String

    public init(kind: Kind, name: String) {
        self.kind = kind
        self.name = name
    }

    public static let anonymous = Caller(kind: .anonymous, name: "")

    /// The role of a person; nil for anyone else.
    public var role: Role? {
        if case .person(let role) = kind { role } else { nil }
    }
}
