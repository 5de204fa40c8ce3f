import JSON
import Platform
import TestSupport
import Testing

extension IntegrationTests {
    @Test func `a watched sync fills an 80-column terminal, and is a line per scope without one`() async throws {
        try await Laboratory.run { lab in
            try await lab.onboard("watched", regions: "us-east-1,eu-west-1")
            try await lab.emulator.setFaults([
                ["service": "kms", "operation": "ListKeys", "fault": "slow", "seconds": 3]
            ])
            let dry = try await lab.succeed("sync", "start", "watched", "--dry-run")
            #expect(dry.output.contains("SERVICE") && dry.output.contains("at least"))
            let sync = try await lab.succeed("sync", "start", "watched", "-o", "json").object["id"]?.string ?? ""
            let screen = try await lab.onTerminal("sync", "watch", sync)
            let shown = screen.replacing("\r\n", with: "\n").split(separator: "\n")
            let lines = shown.map { Self.withoutEscapes(String($0)) }
            #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines.filter { $0.count > 80 })")
            #expect(lines.contains { $0.hasPrefix("syncing  ") })
            #expect(lines.contains { $0.contains("/s  ") && $0.contains("throttles") })
            #expect(lines.contains { $0.hasPrefix("us-east-1  ") && $0.contains("█") && $0.contains("kms") })
            try await lab.emulator.setFaults([])
            let plain = try await lab.succeed("sync", "start", "watched", "--types", "aws_kms_key", "--wait")
            #expect(plain.error.contains("us-east-1  aws_kms_key  complete"))
            #expect(plain.error.contains("eu-west-1  aws_kms_key  complete"))
            #expect(!plain.error.contains("aws_vpc"))
            let usage = try await lab.succeed("sync", "show", sync, "-o", "json").object["usage"]?.array ?? []
            #expect(usage.contains { $0["service"] == "kms" && $0["region"] == "eu-west-1" })
            let refused = try await lab.parapet("sync", "start", "watched", "--types", "aws_nothing")
            #expect(refused.code == 2 || refused.code == 1, "\(refused.error)")
        }
    }

    private static func withoutEscapes(_ text: String) -> String {
        text.replacing(#/\u{1B}\[[0-9;]*[A-Za-z]/#, with: "")
    }
}
