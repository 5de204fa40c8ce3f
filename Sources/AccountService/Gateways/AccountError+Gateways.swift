import RPC
import ServiceKit

extension AccountError {
    /// What another service's refusal means for the one who asked us.
    init(_ error: RPCError, from service: String) {
        switch error.code {
        case .unavailable, .deadlineExceeded, .resourceExhausted:
            self = .unavailable("the \(service) cannot be reached (\(error.message)): try again")
        case .failedPrecondition: self = .refused(error.message, error.refusalReason ?? .refusedElsewhere)
        case .cancelled: self = .cancelled
        default: self = .internalFault("\(service): \(error)")
        }
    }
}
