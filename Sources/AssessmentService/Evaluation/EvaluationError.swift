/// Why a control, or the replica it runs on, could not be used.
enum EvaluationError: Error, Equatable, CustomStringConvertible {
    /// The control's text breaks a rule, or SQLite does not understand it. For a person.
    case refused(String)
    /// The control went over a limit, named for a person.
    case limit(String)
    /// The control answered something that is no verdict.
    case answer(String)
    /// The replica could not be read or written.
    case replica(String)

    var description: String {
        switch self {
        case .refused(let text), .limit(let text), .answer(let text): text
        case .replica(let text): "replica: \(text)"
        }
    }
}
