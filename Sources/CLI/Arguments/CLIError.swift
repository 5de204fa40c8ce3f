import JSON
import RPC

/// How `parapet` ends; scripts depend on these.
enum ExitCode: Int32, Sendable {
    case ok = 0
    case failed = 1
    case usage = 2
    case notFound = 3
    case refusedByState = 4
    case forbidden = 5
    case unavailable = 6
}

/// Why a command could not do its work, for a person.
struct CLIError: Error, Sendable, Equatable {
    let code: ExitCode
    let message: String
    /// The way out; may be empty.
    var hint = ""
    /// The gRPC status where a service refused; else empty.
    var status = ""
    /// Why a service refused, as a constant (`ACCOUNT_DISABLED`); else empty.
    var reason = ""
    /// The fields of the request that break a rule.
    var fields: [String] = []

    /// A command line that cannot be understood.
    static func usage(_ message: String, command: Command? = nil) -> CLIError {
        CLIError(
            code: .usage, message: message,
            hint: command.map { "see `parapet \($0.name) --help`" } ?? "see `parapet --help`")
    }
}

extension CLIError {
    /// A service's answer, as an exit code and words.
    init(_ error: RPCError) {
        let code: ExitCode
        var hint = ""
        switch error.code {
        case .invalidArgument, .outOfRange: code = .usage
        case .notFound: code = .notFound
        case .failedPrecondition, .alreadyExists, .aborted, .resourceExhausted: code = .refusedByState
        case .unauthenticated, .permissionDenied: code = .forbidden
        case .unavailable:
            code = .unavailable
            hint = "is `parapet up` running? `--profile FILE` names another installation"
        default: code = .failed
        }
        self.init(
            code: code, message: error.message.isEmpty ? error.code.name : error.message, hint: hint,
            status: error.code.name)
        for detail in error.details {
            switch detail {
            case .errorInfo(let info): reason = info.reason
            case .badRequest(let violations): fields += violations.map(\.field)
            case .retryInfo, .other: break
            }
        }
    }

    /// Anything that a command threw.
    init(any error: any Error) {
        switch error {
        case let error as CLIError: self = error
        case let error as RPCError: self.init(error)
        default: self.init(code: .failed, message: "\(error)")
        }
    }

    /// For a person, on standard error.
    var text: String {
        "parapet: \(Terminal.printable(message))\n" + (hint.isEmpty ? "" : "  \(hint)\n")
    }

    /// For a program that asked for JSON: one line on standard error.
    var jsonText: String {
        JSONValue.object([
            "error": .string(message), "status": .string(status), "hint": .string(hint),
            "reason": .string(reason), "fields": .array(fields.map { .string($0) }),
            "exit_code": .integer(code.rawValue),
        ]).text()
    }
}
