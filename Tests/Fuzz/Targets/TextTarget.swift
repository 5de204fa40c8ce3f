import JSON
import Platform
import RPC

@testable import AssessmentService
@testable import ServiceKit
@testable import SyncService
@testable import Wire

/// Small texts from people and files: controls and their SQL, tokens, times, addresses, paths.
enum TextTarget {
    static func run(_ input: [UInt8]) throws(Violation) {
        var choices = Choices(input)
        let kind = choices.below(8)
        let text = String(decoding: choices.rest, as: UTF8.self)
        switch kind {
        case 0: _ = try? ControlFile.definition(name: "fuzz.sql", text: text)
        case 1: try sql(text)
        case 2: try pageToken(text)
        case 3: try time(text)
        case 4: _ = (FieldPath(text), FieldPath(sqlite: text), Template(text))
        case 5: _ = HostPort(text)
        case 6: _ = try? TokenFile.parse(text, "tokens")
        default: settings(text)
        }
    }

    /// Files, commands, paths and URLs that set up how AWS is reached.
    private static func settings(_ text: String) {
        if let file = try? INIFile(parsing: text) { _ = SharedConfiguration(config: file, credentials: file) }
        _ = (ShellWords.split(text), SharedPath.expand(text, ["HOME": "/x", "A": text]), LocalURL(text)?.isLoopback)
    }

    private static func sql(_ text: String) throws(Violation) {
        _ = ControlShape(text).refusal(tables: ["s3_bucket"])
        let tokens = SQLTokenizer.tokens(of: text)
        try require(tokens.count <= text.utf8.count, "more tokens than bytes")
    }

    private static func pageToken(_ text: String) throws(Violation) {
        let tokens = PageTokens(key: [UInt8](repeating: 7, count: 32))
        if let position = try? tokens.read(text, list: "L", filter: ["f"]), !text.isEmpty {
            throw Violation("a forged token is accepted: \(position)")
        }
        let own = tokens.issue(list: "L", filter: ["f"], position: [text, ""])
        try require((try? tokens.read(own, list: "L", filter: ["f"])) == [text, ""], "its own token is refused")
    }

    private static func time(_ text: String) throws(Violation) {
        if let time = WallTime(rfc3339: text) {
            try require(WallTime(rfc3339: time.rfc3339()) == time, "\(time.rfc3339()) is another time")
        }
        if let time = Timestamp(rfc3339: text) {
            try require(time.isValid, "\(text) is read as a time that is not valid")
            let written = time.jsonValue().string ?? ""
            try require(Timestamp(rfc3339: written) == time, "\(written) is another time")
        }
    }
}
