import Testing

@testable import CLI

@Suite struct ArgumentParserTests {
    private let parser = ArgumentParser(commands: Parapet.commands)

    private func usageError(_ words: [String]) -> CLIError? {
        do {
            _ = try parser.parse(words)
            return nil
        } catch {
            return error
        }
    }

    @Test func `words, options and switches of a command are told apart`() throws {
        let request = try parser.parse(["account", "connect", "production", "--regions=all", "--wait", "-o", "json"])
        guard case .run(let command, let positionals, let values, let switches) = request else {
            Issue.record("no command was found")
            return
        }
        #expect(command.name == "account connect")
        #expect(positionals == ["ID": "production"])
        #expect(values == ["--regions": "all", "--output": "json"])
        #expect(switches == ["--wait"])
    }

    @Test func `two dashes end the options`() throws {
        guard case .run(_, let positionals, _, _) = try parser.parse(["account", "show", "--", "--odd-name"]) else {
            Issue.record("no command was found")
            return
        }
        #expect(positionals == ["ID": "--odd-name"])
    }

    @Test(arguments: [
        (["acount", "list"], "did you mean `account list`?"),
        (["account", "create"], "--name is missing"),
        (["account", "show"], "ID is missing"),
        (["account", "show", "a", "b"], "unexpected `b`"),
        (["account", "show", "a", "--frob"], "unknown option `--frob`"),
        (["account", "create", "--name"], "--name needs a value"),
        (["account", "create", "--name", "a", "--name", "b"], "--name is given twice"),
        (["account", "connect", "a", "--wait=yes"], "--wait takes no value"),
        (
            ["account", "template", "a", "--format", "yaml"],
            "--format: one of cloudformation, terraform, manual; got `yaml`"
        ),
        (["account", "list", "-o", "xml"], "--output: one of table, json, jsonl, csv; got `xml`"),
    ])
    func `a command line that cannot be understood is refused with the word and the rule`(words: [String], text: String)
    {
        let error = usageError(words)
        #expect(error?.code == .usage)
        #expect(error?.message.contains(text) == true, "\(error?.message ?? "it was accepted")")
    }

    @Test(arguments: Parapet.commands.map(\.path))
    func `every command explains itself, and each of its examples is understood`(path: [String]) throws {
        guard case .help(let command) = try parser.parse(path + ["--help"]) else {
            Issue.record("no help")
            return
        }
        let help = Help.text(for: command)
        #expect(!command.examples.isEmpty)
        #expect(help.contains(command.summary))
        for example in command.examples {
            let words = example.split(separator: " ").map { $0.filter { $0 != "'" } }
            #expect(words.first == "parapet")
            guard case .run(let parsed, _, _, _) = try parser.parse(Array(words.dropFirst())) else {
                Issue.record("`\(example)` runs nothing")
                continue
            }
            #expect(parsed.path == path, "`\(example)` runs another command")
        }
    }

    @Test func `a group of commands shows what it holds`() throws {
        guard case .overview(let prefix) = try parser.parse(["sync"]) else {
            Issue.record("no overview")
            return
        }
        let text = Help.overview(Parapet.commands, prefix: prefix)
        #expect(text.contains("sync start ID"))
        #expect(!text.contains("account list"))
    }
}
