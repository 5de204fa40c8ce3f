import Glibc
import JSON
import Platform
import RPC

/// The program `parapet`.
@main
enum Parapet {
    static let version = "0.1.0"

    /// Every command, in the order of the help.
    static let commands: [Command] =
        [UpCommand.command] + AccountCommands.all + [OnboardCommand.command] + SyncCommands.all + AssetCommands.all
        + ControlCommands.all + AlertCommands.all + [PKICommand.command, CallCommand.command, VersionCommand.command]

    static func main() async {
        umask(0o077)
        signal(SIGPIPE, SIG_IGN)
        ProcessExit.end(await run(Array(CommandLine.arguments.dropFirst())).rawValue)
    }

    /// Runs a command line and prints what went wrong, if anything did.
    static func run(_ words: [String]) async -> ExitCode {
        do {
            return try await dispatch(words)
        } catch {
            let wrong = CLIError(any: error)
            let isForPrograms = words.contains {
                ["json", "jsonl", "--output=json", "--output=jsonl", "-o=json", "-o=jsonl"].contains($0)
            }
            Terminal.warn(isForPrograms ? wrong.jsonText + "\n" : wrong.text)
            return wrong.code
        }
    }

    private static func dispatch(_ words: [String]) async throws -> ExitCode {
        if words == ["--version"] { return try await dispatch(["version"]) }
        switch try ArgumentParser(commands: commands).parse(words) {
        case .help(let command):
            Terminal.print(Help.text(for: command))
            return .ok
        case .overview(let prefix):
            let text = Help.overview(commands, prefix: prefix)
            let asked = words.contains { ["--help", "-h", "help"].contains($0) }
            asked ? Terminal.print(text) : Terminal.warn(text)
            return asked ? .ok : .usage
        case .run(let command, let positionals, let values, let switches):
            let context = Context(
                format: values["--output"].flatMap(OutputFormat.init) ?? .table, profileOption: values["--profile"],
                commands: commands)
            return try await command.run(
                Invocation(
                    command: command, positionals: positionals, values: values, switches: switches, context: context))
        }
    }
}

/// `parapet version`.
enum VersionCommand {
    static let command = Command(
        path: ["version"], summary: "The version of this program",
        examples: ["parapet version", "parapet version -o json"]
    ) { call in
        call.context.print(object: .object(["version": .string(Parapet.version)]), text: "parapet \(Parapet.version)\n")
        return .ok
    }
}
