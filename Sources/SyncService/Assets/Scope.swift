/// Where and what one listing reads: a resource type in a region, or in the account as a whole.
struct Scope: Hashable, Sendable, Comparable {
    /// The region of scopes that are read once for the account.
    static let global = "global"

    /// A region's name, or ``global``.
    var region: String
    /// The resource type's name in the catalogue.
    var type: String

    init(region: String, type: String) {
        self.region = region
        self.type = type
    }

    static func < (a: Scope, b: Scope) -> Bool { (a.region, a.type) < (b.region, b.type) }
}

/// How the last attempt to read a scope ended. The numbers are those of `CoverageState` in sync.proto.
enum ScopeState: Int64, Sendable {
    case complete = 1
    case accessDenied
    case regionDisabled
    case throttledOut
    case failed
    case pending

    /// Whether what is stored is what there is.
    var isComplete: Bool { self == .complete || self == .regionDisabled }
    /// Whether the last attempt failed, so that the stored assets are only what was last seen.
    var isStale: Bool { self == .accessDenied || self == .throttledOut || self == .failed }
}

/// Why something could not be read, in AWS's words where AWS spoke.
struct ReadFailure: Error, Equatable, Sendable {
    /// What kind of refusal it was.
    enum Kind: Sendable, Equatable {
        case denied
        case throttled
        case regionDisabled
        case cancelled
        case other
    }

    var kind: Kind
    /// AWS's error code, or a word of ours.
    var code: String
    /// AWS's message, or ours.
    var message: String
    /// The operation that failed, as `service:Operation`; may be empty.
    var operation: String

    init(_ kind: Kind, code: String, message: String, operation: String = "") {
        self.kind = kind
        self.code = code
        self.message = message
        self.operation = operation
    }

    static let cancelled = ReadFailure(.cancelled, code: "Cancelled", message: "the run was cancelled")

    /// What a listing that ended so means for its scope.
    var scopeState: ScopeState {
        switch kind {
        case .denied: .accessDenied
        case .throttled: .throttledOut
        case .regionDisabled: .regionDisabled
        case .cancelled, .other: .failed
        }
    }
}
