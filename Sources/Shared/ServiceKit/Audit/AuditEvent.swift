public import Platform
public import RPC

/// Who did what to which account, and whether it was allowed to.
public struct AuditEvent: Sendable, Equatable {
    public enum Outcome: String, Sendable {
        case done
        /// Not authenticated, not permitted, or forbidden by a state.
        case refused
        case failed
    }

    /// Kind of caller: `person`, `service`, `anonymous`, or `system` for the service's own acts.
    public var callerKind: String
    /// Name of the token, certificate or service.
    public var callerName: String
    /// As `CreateAccount`, the RPC where it is one.
    public var action: String
    /// The account it concerned; empty for none.
    public var accountID: String
    public var outcome: Outcome
    /// For people. No secret belongs in it.
    public var detail: String

    public init(
        callerKind: String, callerName: String, action: String, accountID: String = "", outcome: Outcome = .done,
        detail: String = ""
    ) {
        self.callerKind = callerKind
        self.callerName = callerName
        self.action = action
        self.accountID = accountID
        self.outcome = outcome
        self.detail = detail
    }

    /// An act of the caller of an RPC.
    public init(_ call: CallContext, accountID: String = "", outcome: Outcome = .done, detail: String = "") {
        let caller = call.caller
        self.init(
            callerKind: caller.kindName, callerName: caller.name, action: call.method, accountID: accountID,
            outcome: outcome, detail: detail)
    }

    /// An act of the service itself.
    public static func system(
        _ action: String, accountID: String = "", outcome: Outcome = .done, detail: String = ""
    ) -> AuditEvent {
        AuditEvent(
            callerKind: "system", callerName: "", action: action, accountID: accountID, outcome: outcome,
            detail: detail)
    }
}

extension Caller {
    /// `person`, `service` or `anonymous`.
    public var kindName: String {
        switch kind {
        case .anonymous: "anonymous"
        case .person: "person"
        case .service: "service"
        }
    }
}

/// An event as it stands in the log.
public struct AuditRecord: Sendable, Equatable {
    /// 1 for the first; without gaps.
    public var sequence: Int64
    /// In whole milliseconds.
    public var time: WallTime
    public var event: AuditEvent
    /// SHA-256 over the previous record's hash and this one's content.
    public var hash: [UInt8]
}
