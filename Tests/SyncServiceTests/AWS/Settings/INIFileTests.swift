import JSON
import Platform
import TestSupport
import Testing

@testable import SyncService

@Suite struct INIFileTests {
    static let isAvailable = Files.exists(Emulator.python)

    /// What Python makes of random texts.
    static func oracle(_ kind: String, seed: Int, count: Int) async throws -> [JSONValue] {
        let run = try await ChildProcess.run(
            [Emulator.python, Fixtures.path("botocore_credentials.py"), kind, "\(seed)", "\(count)"],
            timeout: .seconds(120))
        try #require(run.status.isSuccess, "\(String(decoding: run.error.suffix(1000), as: UTF8.self))")
        return try run.output.split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: Array($0)) }
    }

    private func json(_ options: [INIFile.Option]) -> JSONValue {
        var object = JSONObject()
        for option in options {
            switch option.value {
            case .text(let text): object[option.name] = .string(text)
            case .table(let inner): object[option.name] = json(inner)
            }
        }
        return .object(object)
    }

    @Test(.enabled(if: isAvailable, "needs PARAPET_PYTHON, or .venv from `make dependencies`"), arguments: [1, 2, 3])
    func `any text is read as botocore reads it`(seed: Int) async throws {
        let cases = try await Self.oracle("ini", seed: seed, count: 3000)
        var good = 0
        for one in cases {
            let text = one["text"]?.string ?? ""
            guard let file = try? INIFile(parsing: text) else {
                #expect(one["result"]?.isNull == true, "refused: \(text.debugDescription)")
                continue
            }
            good += 1
            var raw = JSONObject()
            for section in file.sections { raw[section.name] = json(section.options) }
            #expect(.object(raw) == one["result"]?["raw"], "\(text.debugDescription)")
            var profiles = JSONObject()
            let shared = SharedConfiguration(config: file, credentials: try INIFile(parsing: ""))
            for (name, section) in shared.configFile { profiles[name] = json(section.options) }
            #expect(.object(profiles) == one["result"]?["profiles"], "\(text.debugDescription)")
        }
        #expect(good > 300, "most texts must not be refused: \(good) of \(cases.count)")
    }

    @Test(.enabled(if: isAvailable, "needs PARAPET_PYTHON, or .venv from `make dependencies`"))
    func `a command is split as botocore splits it`() async throws {
        for one in try await Self.oracle("words", seed: 1, count: 5000) {
            let text = one["text"]?.string ?? ""
            let ours = ShellWords.split(text).map { JSONValue.array($0.map { .string($0) }) } ?? .null
            #expect(ours == one["result"], "\(text.debugDescription)")
        }
    }

    @Test func `a mistake names its line and not what stands there`() {
        #expect(throws: INIFile.Mistake(line: 3, rule: "neither a [section] nor NAME = VALUE")) {
            try INIFile(parsing: "[default]\nregion = x\nwJalrXUtnFEMIsecret\n")
        }
        #expect(throws: INIFile.Mistake(line: 1, rule: "a [section] comes first")) {
            try INIFile(parsing: "aws_secret_access_key = x")
        }
    }

    @Test func `a path's variables and home are filled in`() {
        let environment = ["HOME": "/home/me", "X": "y"]
        #expect(SharedPath.expand("~/.aws/config", environment) == "/home/me/.aws/config")
        #expect(SharedPath.expand("/$X/${X}b/$Z/${Z}", environment) == "/y/yb/$Z/${Z}")
        #expect(SharedPath.expand("~/x", [:]) == nil)
        #expect(SharedPath.expand("~other/x", environment) == "~other/x")
    }
}
