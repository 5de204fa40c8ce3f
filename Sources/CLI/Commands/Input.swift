import Glibc
import Platform

/// Secrets come from a file, standard input or a prompt, never from an argument, which others can see.
enum SecretInput {
    /// The secret in a file, without the line's end; `nil` when no file is named.
    static func read(file: String?) throws(CLIError) -> String? {
        guard let file else { return nil }
        let bytes: [UInt8]
        do {
            bytes = try file == "-" ? StandardInput.bytes(limitBytes: 64 << 10) : Files.read(file, limitBytes: 64 << 10)
        } catch let error as FileError {
            throw CLIError(code: .usage, message: "--external-id-file: \(error)")
        } catch {
            throw CLIError(code: .usage, message: "--external-id-file: standard input holds more than 64 KiB")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CLIError(code: .usage, message: "--external-id-file: not UTF-8 text")
        }
        let secret = text.last?.isNewline == true ? String(text.dropLast()) : text
        guard !secret.isEmpty else { throw CLIError(code: .usage, message: "--external-id-file: the file is empty") }
        return secret
    }
}

/// What is piped into the program.
enum StandardInput {
    struct TooLong: Error {}

    static func bytes(limitBytes: Int) throws -> [UInt8] {
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(STDIN_FILENO, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return all }
            all += chunk[..<count]
            guard all.count <= limitBytes else { throw TooLong() }
        }
    }

    static func text(limitBytes: Int) throws -> String {
        String(decoding: try bytes(limitBytes: limitBytes), as: UTF8.self)
    }
}

/// Questions to a person at a terminal.
enum Prompt {
    /// Refuses to ask where nobody can answer.
    static func requireTerminal(instead way: String) throws(CLIError) {
        guard Terminal.inputIsTerminal else {
            throw CLIError(code: .usage, message: "standard input is no terminal, so nothing can be asked", hint: way)
        }
    }

    static func ask(_ question: String, default fallback: String? = nil) throws(CLIError) -> String {
        while true {
            Terminal.print(question)
            guard let line = readLine() else { throw CLIError(code: .failed, message: "the conversation was ended") }
            let answer = line.trimmed
            if !answer.isEmpty { return answer }
            if let fallback { return fallback }
        }
    }

    static func choose(_ question: String, _ choices: [String]) throws(CLIError) -> String {
        Terminal.print("\(question)\n")
        for (index, choice) in choices.enumerated() { Terminal.print("  \(index + 1)  \(choice)\n") }
        while true {
            let answer = try ask("choice [1]: ", default: "1")
            if let number = Int(answer), choices.indices.contains(number - 1) { return choices[number - 1] }
            if choices.contains(answer) { return answer }
        }
    }

    static func confirm(_ question: String) throws(CLIError) -> Bool {
        try requireTerminal(instead: "add --yes")
        return try ask("\(question) [y/N] ", default: "n").lowercased().hasPrefix("y")
    }
}

extension String {
    /// Without white space at either end.
    var trimmed: String {
        let start = drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}
