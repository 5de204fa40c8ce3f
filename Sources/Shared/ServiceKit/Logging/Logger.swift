import Glibc
import JSON
public import Platform
import RPC
import Synchronization

/// Writes one line for each event to standard error: JSON for programs, text on a terminal.
public final class Logger: Sendable {
    public enum Format: Sendable { case json, text }

    private let service: String
    private let level: LogLevel
    private let format: Format
    private let clock: any WallClock
    private let write: @Sendable (String) -> Void
    private let secrets: Secrets

    /// - Parameters:
    ///   - level: Events below it are dropped.
    ///   - format: By default JSON, unless standard error is a terminal.
    ///   - write: Receives a line with its end; by default it goes to standard error in one piece.
    public init(
        service: String, level: LogLevel = .info, format: Format? = nil, clock: any WallClock = SystemWallClock(),
        write: @escaping @Sendable (String) -> Void = writeToStandardError
    ) {
        self.service = service
        self.level = level
        self.format = format ?? (isatty(STDERR_FILENO) == 1 ? .text : .json)
        self.clock = clock
        self.write = write
        self.secrets = Secrets()
    }

    /// For tests and for parts that were given none: says nothing.
    public static let silent = Logger(service: "", level: .error, format: .json, write: { _ in })

    public func debug(_ message: String, _ fields: KeyValuePairs<String, LogValue> = [:]) {
        log(.debug, message, fields)
    }

    public func info(_ message: String, _ fields: KeyValuePairs<String, LogValue> = [:]) {
        log(.info, message, fields)
    }

    public func warning(_ message: String, _ fields: KeyValuePairs<String, LogValue> = [:]) {
        log(.warning, message, fields)
    }

    public func error(_ message: String, _ fields: KeyValuePairs<String, LogValue> = [:]) {
        log(.error, message, fields)
    }

    /// From now on every occurrence of `secret` in a message or a value is masked.
    ///
    /// A guard against mistakes, not a licence to log secrets. One shorter than 4 bytes cannot be told from other text.
    public func mask(_ secret: String) {
        secrets.add(secret)
    }

    public func log(_ level: LogLevel, _ message: String, _ fields: KeyValuePairs<String, LogValue> = [:]) {
        guard level >= self.level else { return }
        let time = WallTime(unixMilliseconds: clock.now().unixMilliseconds).rfc3339()
        let message = secrets.masked(message)
        let fields = (fields.map { ($0.key, $0.value) } + Self.call(besides: fields)).map { ($0, secrets.masked($1)) }
        switch format {
        case .json: write(json(time, level, message, fields))
        case .text: write(text(time, level, message, fields))
        }
    }

    /// What tells a line of a handler from those of other calls; not what the line says itself.
    private static func call(besides fields: KeyValuePairs<String, LogValue>) -> [(String, LogValue)] {
        guard let call = CallContext.current else { return [] }
        let own = [("request_id", RequestID.of(call) ?? ""), ("account", call.account)]
        return own.filter { name, value in !value.isEmpty && !fields.contains { $0.key == name } }
            .map { ($0, .string($1)) }
    }

    private func json(_ time: String, _ level: LogLevel, _ message: String, _ fields: [(String, LogValue)]) -> String {
        var line = JSONObject()
        line["time"] = .string(time)
        line["level"] = .string(level.name)
        line["service"] = .string(service)
        line["message"] = .string(message)
        if !fields.isEmpty {
            var object = JSONObject()
            for (name, value) in fields { object[name] = value.json }
            line["fields"] = .object(object)
        }
        return JSONValue.object(line).text() + "\n"
    }

    private func text(_ time: String, _ level: LogLevel, _ message: String, _ fields: [(String, LogValue)]) -> String {
        let pairs = fields.map { " \($0)=\($1.text)" }.joined()
        // A line stays one line, whatever a peer made its way into it.
        return "\(time) \(level.name) \(service): \(message)\(pairs)".map { $0.isNewline ? " " : "\($0)" }.joined()
            + "\n"
    }
}

/// One `write`, so that lines of several processes do not mix.
public func writeToStandardError(_ line: String) {
    let bytes = Array(line.utf8)
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

extension LogValue {
    var json: JSONValue {
        switch self {
        case .string(let value): .string(value)
        case .int(let value): .integer(value)
        case .double(let value): .double(value)
        case .bool(let value): .bool(value)
        }
    }

    var text: String {
        switch self {
        case .string(let value): value
        case .int(let value): "\(value)"
        case .double(let value): "\(value)"
        case .bool(let value): "\(value)"
        }
    }
}
