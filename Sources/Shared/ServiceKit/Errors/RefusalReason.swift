public import RPC

/// Why the state of things forbids a call, as a constant for programs: the `reason` of `google.rpc.ErrorInfo`, with the
/// domain `parapet`. A reason never changes its name.
public enum RefusalReason: String, Sendable, CaseIterable {
    case accountDraft = "ACCOUNT_DRAFT"
    case accountEnabled = "ACCOUNT_ENABLED"
    case accountDisabling = "ACCOUNT_DISABLING"
    case accountDisabled = "ACCOUNT_DISABLED"
    case accountDeleting = "ACCOUNT_DELETING"
    case roleMissing = "ROLE_MISSING"
    case revisionNotInUse = "REVISION_NOT_IN_USE"
    case connectionFailed = "CONNECTION_FAILED"
    case principalUnknown = "PRINCIPAL_UNKNOWN"
    case syncInProgress = "SYNC_IN_PROGRESS"
    case assessmentInProgress = "ASSESSMENT_IN_PROGRESS"
    /// What is asked for is longer ago than history is kept.
    case historyForgotten = "HISTORY_FORGOTTEN"
    /// Another service refused; its own reason is not known here.
    case refusedElsewhere = "REFUSED_ELSEWHERE"
}

extension RPCError {
    /// FAILED_PRECONDITION, with its reason.
    public static func refused(_ message: String, _ reason: RefusalReason) -> RPCError {
        RPCError(.failedPrecondition, message, details: [.errorInfo(ErrorInfo(reason: reason.rawValue))])
    }

    /// UNAVAILABLE or RESOURCE_EXHAUSTED that passes: the call may be made again, after `delay` at the earliest
    /// (`google.rpc.RetryInfo`).
    public static func passing(
        _ code: StatusCode, _ message: String, retryAfter delay: Duration = .seconds(1)
    ) -> RPCError {
        RPCError(code, message, details: [.retryInfo(delay: delay)])
    }

    /// The reason of an error of Parapet's; nil for any other.
    public var refusalReason: RefusalReason? {
        for case .errorInfo(let info) in details where info.domain == "parapet" {
            return RefusalReason(rawValue: info.reason)
        }
        return nil
    }
}
