import JSON
import Platform

extension ProcessSource {
    /// How long the program may take.
    private static let timeout = Duration.seconds(60)

    /// Runs the program, without a shell, and reads what it prints: JSON of version 1.
    func credentials(environment: [String: String]) async throws(AWSError) -> AWSCredentials {
        let run: ChildProcess.Captured
        do throws(SpawnError) {
            run = try await ChildProcess.run(
                command, environment: environment, timeout: Self.timeout, limitBytes: 1 << 20)
        } catch { throw AWSError(.credentials("\(error)")) }
        if Task.isCancelled { throw AWSError(.cancelled) }
        guard !run.timedOut else {
            throw AWSError(.credentials("it did not end in \(Self.timeout.components.seconds) s"), isTransient: true)
        }
        guard run.status.isSuccess else { throw AWSError(.credentials(Self.words(run)), isTransient: true) }
        guard let value = try? JSONValue(parsing: run.output) else {
            throw AWSError(.credentials("what it printed is no JSON"))
        }
        guard value["Version"] == .integer(1) else {
            throw AWSError(.credentials("what it printed is not of Version 1"))
        }
        return try AWSCredentials(document: value, tokenName: "SessionToken", needsExpiration: false)
    }

    /// What it said last on its error stream, which AWS asks to be kept free of secrets.
    private static func words(_ run: ChildProcess.Captured) -> String {
        let lines = String(decoding: run.error, as: UTF8.self).split(whereSeparator: \.isNewline)
        let last = (lines.last ?? "").unicodeScalars.filter { $0.properties.generalCategory != .control }
        let how =
            switch run.status {
            case .exited(let code): "it ended with status \(code)"
            case .signalled(let number): "it was ended by signal \(number)"
            }
        return last.isEmpty ? how : "\(how): \(String(String.UnicodeScalarView(last)).prefix(300))"
    }
}
