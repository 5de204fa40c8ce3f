/// A part of an error for programs: the messages of `google/rpc/error_details.proto` that Parapet uses, and any other.
public enum StatusDetail: Sendable, Equatable {
    /// The fields of the request that break a rule (`google.rpc.BadRequest`).
    case badRequest([FieldViolation])
    /// Why, as a constant (`google.rpc.ErrorInfo`).
    case errorInfo(ErrorInfo)
    /// The call may succeed when it is made again, after `delay` at the earliest (`google.rpc.RetryInfo`).
    case retryInfo(delay: Duration)
    /// A message of another type, encoded; `typeURL` as `type.googleapis.com/google.rpc.Help`.
    case other(typeURL: String, value: [UInt8])
}

/// A field of a request, and the rule it breaks.
public struct FieldViolation: Sendable, Equatable {
    /// The path of the field in the `.proto`, as `filter.status`.
    public var field: String
    /// The rule, and what was got.
    public var description: String

    public init(field: String, description: String) {
        self.field = field
        self.description = description
    }
}

/// The reason of an error, for programs to compare.
public struct ErrorInfo: Sendable, Equatable {
    /// In capitals, as `ACCOUNT_DISABLED`; it never changes.
    public var reason: String
    /// Whose reason it is: `parapet`.
    public var domain: String
    public var metadata: [String: String]

    public init(reason: String, domain: String = "parapet", metadata: [String: String] = [:]) {
        self.reason = reason
        self.domain = domain
        self.metadata = metadata
    }
}
