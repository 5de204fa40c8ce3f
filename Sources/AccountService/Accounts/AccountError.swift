import ServiceKit

/// Why a request cannot be done. The handlers turn each case into one status.
///
/// The texts are for the person who asked: they name the field and the rule, or the state and the way out,
/// and hold neither a secret nor a path.
enum AccountError: Error, Equatable {
    /// A field that breaks a rule.
    case invalid(field: String, rule: String)
    /// Nothing has this id or name.
    case notFound(String)
    /// What should be unique is taken.
    case alreadyExists(String)
    /// The account's state, or what it lacks, forbids it.
    case refused(String, RefusalReason)
    /// The account changed while the call worked on it.
    case changedMeanwhile(String)
    /// Another service cannot be reached at the moment.
    case unavailable(String)
    /// The caller has gone.
    case cancelled
    /// The service's own fault; the text is for its log alone.
    case internalFault(String)
}
