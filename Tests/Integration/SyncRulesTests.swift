import JSON
import Platform
import TestSupport
import Testing

extension IntegrationTests {
    @Test func `a second sync is refused while one runs, and a change during a run becomes the one follow-up`()
        async throws
    {
        try await Laboratory.run { lab in
            try await lab.onboard("queue", regions: "us-east-1")
            try await lab.emulator.setFaults([
                ["service": "kms", "operation": "ListKeys", "fault": "slow", "seconds": 3]
            ])
            let running = try await lab.succeed("sync", "start", "queue", "-o", "json").object["id"]?.string ?? ""
            let refused = try await lab.parapet("sync", "start", "queue")
            #expect(refused.code == 4)
            #expect(refused.error.contains(running), "the refusal names the sync: \(refused.error)")
            try await lab.succeed("account", "update", "queue", "--regions", "us-east-1,eu-west-1")
            try await lab.succeed("account", "update", "queue", "--regions", "us-east-1,eu-central-1")
            try await eventually("one follow-up is queued behind \(running)") {
                let rows = try await lab.succeed("sync", "list", "--account", "queue", "-o", "jsonl").rows
                return rows.contains { $0["state"] == "queued" }
            }
            let queued = try await lab.succeed("sync", "list", "--account", "queue", "--state", "queued", "-o", "jsonl")
                .rows
            #expect(queued.count == 1)
            try await lab.emulator.setFaults([])
            try await lab.succeed("account", "watch", "queue")
            let syncs = try await lab.succeed("sync", "list", "--account", "queue", "-o", "jsonl").rows
            #expect(syncs.count == 3, "onboarding, by hand, follow-up: \(syncs.map { $0.text() })")
            let coverage = try await lab.succeed("coverage", "queue", "-o", "jsonl").rows
            #expect(coverage.contains { $0["region"] == "eu-central-1" }, "the follow-up used the newest configuration")
            #expect(!coverage.contains { $0["region"] == "eu-west-1" })
        }
    }

    @Test func `a disabled account is refused everywhere and causes no call to AWS`() async throws {
        try await Laboratory.run { lab in
            try await lab.onboard("frozen", regions: "us-east-1")
            try await lab.onboard("other", account: "210987654321", regions: "us-east-1")
            try await lab.succeed("account", "disable", "frozen")
            try await eventually("the account is disabled") {
                try await lab.succeed("account", "show", "frozen", "-o", "json").object["state"] == "disabled"
            }
            try await lab.emulator.forgetCalls()
            for words in [["sync", "start", "frozen"], ["account", "test", "frozen"]] {
                let answer = try await lab.parapet(words)
                #expect(answer.code == 4, "\(words): \(answer.output)\(answer.error)")
                #expect(answer.error.contains("disabled"), "\(words): \(answer.error)")
            }
            // Configuration may be edited and reads answer, without a call.
            try await lab.succeed("account", "update", "frozen", "--regions", "us-east-1,eu-west-1")
            try await lab.succeed("account", "regions", "frozen")
            #expect(try await !lab.succeed("asset", "list", "--account", "frozen", "-o", "jsonl").rows.isEmpty)
            try await lab.sync("other")
            let calls = try await lab.emulator.calls()
            #expect(calls.contains { $0["account"] == "210987654321" }, "the counter counts the other account's calls")
            #expect(!calls.contains { $0["account"] == "123456789012" }, "a call was made for the disabled account")
            let assumed = calls.filter { $0["operation"] == "AssumeRole" }.count
            #expect(assumed <= 2, "only the other account's role was assumed")
            // Enabling ends the freeze and starts a sync with the edited regions.
            try await lab.succeed("account", "enable", "frozen")
            try await lab.succeed("account", "watch", "frozen")
            let coverage = try await lab.succeed("coverage", "frozen", "-o", "jsonl").rows
            #expect(coverage.contains { $0["region"] == "eu-west-1" })
        }
    }

    @Test func `a removed region loses its assets, and their alerts resolve as removed`() async throws {
        try await Laboratory.run { lab in
            let volume = try await lab.emulator.aws(
                """
                print(client("ec2", "eu-west-1").create_volume(AvailabilityZone="eu-west-1a", Size=1, Encrypted=False)["VolumeId"], end="")
                """)
            let arn = "arn:aws:ec2:eu-west-1:123456789012:volume/\(volume)"
            try await lab.onboard("regions", regions: "us-east-1,eu-west-1")
            #expect(try await lab.alert("ec2_ebs_volume_is_encrypted", arn, account: "regions")?["state"] == "open")
            try await lab.succeed("account", "update", "regions", "--regions", "us-east-1")
            try await lab.succeed("account", "watch", "regions")
            let assets = try await lab.succeed(
                "asset", "list", "--account", "regions", "--region", "eu-west-1", "-o", "jsonl"
            ).rows
            #expect(assets.isEmpty)
            let alert = try await lab.alert("ec2_ebs_volume_is_encrypted", arn, account: "regions")
            #expect(alert?["state"] == "resolved")
            #expect(alert?["resolution"] == "asset removed")
            let global = try await lab.succeed(
                "asset", "list", "--account", "regions", "--region", "global", "-o", "jsonl"
            ).rows
            #expect(!global.isEmpty, "global assets are unaffected")
        }
    }

    @Test func `a resource that is mended resolves its alert, and one that regresses reopens it`() async throws {
        try await Laboratory.run { lab in
            try await lab.emulator.aws("client('s3').create_bucket(Bucket='mended')")
            try await lab.onboard("mending", regions: "us-east-1")
            let (control, arn) = ("s3_bucket_versioning_is_enabled", "arn:aws:s3:::mended")
            let opened = try await lab.alert(control, arn, account: "mending")
            #expect(opened?["state"] == "open")
            try await lab.emulator.aws(
                "client('s3').put_bucket_versioning(Bucket='mended', VersioningConfiguration={'Status': 'Enabled'})")
            try await lab.sync("mending")
            let resolved = try await lab.alert(control, arn, account: "mending")
            #expect(resolved?["state"] == "resolved")
            #expect(resolved?["resolution"] == "passes")
            try await lab.emulator.aws(
                "client('s3').put_bucket_versioning(Bucket='mended', VersioningConfiguration={'Status': 'Suspended'})")
            try await lab.sync("mending")
            let reopened = try await lab.alert(control, arn, account: "mending")
            #expect(reopened?["state"] == "open")
            #expect(reopened?["id"] == opened?["id"], "one alert for a control and an asset")
            #expect(reopened?["reopened"] == 1)
            #expect(reopened?["reason"]?.string?.contains("Suspended") == true)
        }
    }
}
