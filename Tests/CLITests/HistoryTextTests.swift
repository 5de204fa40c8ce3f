import API
import Testing
import Wire

@testable import CLI

@Suite struct HistoryTextTests {
    private func change(_ path: String, _ kind: ValueChangeKind, _ before: String, _ after: String) -> ValueChange {
        .with {
            $0.path = path
            $0.kind = kind
            $0.before = before
            $0.after = after
        }
    }

    @Test func `a version has its times, and a line for each value that changed`() {
        let version = AssetVersion.with {
            $0.fromTime = Timestamp(seconds: 1_800_000_000)
            $0.toTime = Timestamp(seconds: 1_800_003_600)
            $0.removed = true
            $0.changes = [
                change("$.GetBucketPolicy", .unknown, #"{"a":1}"#, ""),
                change("$.Status", .changed, #""Off""#, #""On""#),
                change("tags.env", .added, "", #""prod""#), change("tags.old\u{1B}[31m", .removed, #""x""#, ""),
            ]
            $0.changesCut = true
        }
        #expect(
            HistoryText.block(version) == """
                2027-01-15T08:00:00Z to 2027-01-15T09:00:00Z, then gone
                  ? $.GetBucketPolicy: {"a":1} → not known
                  ~ $.Status: "Off" → "On"
                  + tags.env: "prod"
                  - tags.old [31m: "x"
                  and more

                """)
    }

    @Test func `differences are counted by kind`() {
        let differences = [AssetDifferenceKind.added, .added, .changed].map { kind in
            AssetDifference.with {
                $0.kind = kind
                $0.resourceType = "aws_vpc"
                $0.region = "eu-central-1"
                $0.arn = "arn:1"
            }
        }
        #expect(HistoryText.block(differences[0]) == "+ aws_vpc  eu-central-1  arn:1\n")
        #expect(HistoryText.summary(differences) == "\n2 added, 0 removed, 1 changed\n")
        #expect(HistoryText.summary([]) == "nothing differs\n")
    }

    @Test func `asset history is asset versions`() throws {
        let parser = ArgumentParser(commands: Parapet.commands)
        for words in [["asset", "history", "arn:1"], ["asset", "versions", "arn:1"]] {
            guard case .run(let command, let positionals, _, _) = try parser.parse(words) else {
                Issue.record("\(words)")
                continue
            }
            #expect(command.name == "asset versions")
            #expect(positionals == ["ARN": "arn:1"])
        }
    }
}
