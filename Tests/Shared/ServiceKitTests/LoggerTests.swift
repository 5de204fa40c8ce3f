import JSON
import ServiceKit
import Testing

@Suite struct LoggerTests {
    private let lines = Collected<String>()

    private func logger(_ format: Logger.Format, level: LogLevel = .info) -> Logger {
        Logger(service: "sync-service", level: level, format: format, clock: ManualClock()) { [lines] in lines.add($0) }
    }

    @Test func `a line is one JSON object`() throws {
        logger(.json).info("sync \"1\"\nstarted", ["account": "a\u{1}", "calls": 3, "ratio": 0.5, "dry": true])
        let line = try #require(lines.all.first)
        #expect(line.hasSuffix("\n"))
        #expect(line.dropLast().allSatisfy { !$0.isNewline })
        let object = try JSONValue(parsing: line)
        #expect(
            try object
                == JSONValue(
                    parsing: """
                        {"time":"2027-01-15T08:00:00Z","level":"info","service":"sync-service",
                        "message":"sync \\"1\\"\\nstarted",
                        "fields":{"account":"a\\u0001","calls":3,"ratio":0.5,"dry":true}}
                        """))
    }

    @Test func `text is one line too`() {
        logger(.text).warning("a\nb", ["c": "d\r\ne"])
        #expect(lines.all == ["2027-01-15T08:00:00Z warning sync-service: a b c=d e\n"])
    }

    @Test func `what is below the level is dropped`() {
        let logger = logger(.json, level: .warning)
        logger.debug("a")
        logger.info("b")
        #expect(lines.all.isEmpty)
        logger.error("c")
        #expect(lines.all.count == 1)
    }

    @Test(arguments: [Logger.Format.json, .text]) func `a secret never appears`(format: Logger.Format) {
        let logger = logger(format)
        logger.mask("hunter2\"quoted")
        logger.mask("hunter2")
        logger.mask("")
        logger.error("it was hunter2 and hunter2\"quoted", ["id": "xhunter2\"quotedx", "n": 5])
        #expect(lines.all.count == 1)
        #expect(lines.all.allSatisfy { !$0.contains("hunter2") && !$0.contains("quoted") })
        #expect(lines.all.allSatisfy { $0.contains("it was [secret] and [secret]") && $0.contains("x[secret]x") })
    }
}
