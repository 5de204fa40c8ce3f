import RPC
import ServiceKit

/// Who does what: what the audit log wants to know of a change.
struct Actor: Sendable {
    let kind: String
    let name: String
    let action: String

    /// The caller of an RPC.
    init(_ call: CallContext, _ action: String) {
        kind = call.caller.kindName
        name = call.caller.name
        self.action = action
    }

    private init(kind: String, name: String, action: String) {
        (self.kind, self.name, self.action) = (kind, name, action)
    }

    /// The service itself.
    static func system(_ action: String) -> Actor { Actor(kind: "system", name: "", action: action) }

    func event(_ account: AccountID?, _ outcome: AuditEvent.Outcome = .done, _ detail: String = "") -> AuditEvent {
        AuditEvent(
            callerKind: kind, callerName: name, action: action, accountID: account?.description ?? "",
            outcome: outcome, detail: detail)
    }
}
