import Glibc
import JSON
import Platform
import TestSupport
import Testing

/// A gap is not a deletion and not a pass.
extension IntegrationTests {
    @Test func `a denied and a throttled call make verdicts unknown, remove nothing and resolve no alert`() async throws
    {
        try await Laboratory.run { lab in
            try await lab.emulator.aws(
                """
                client("s3").create_bucket(Bucket="truth")
                client("sns").create_topic(Name="truth")
                """)
            try await lab.onboard("truth", regions: "us-east-1")
            let topic = "arn:aws:sns:us-east-1:123456789012:truth"
            let assets = try await lab.succeed("asset", "list", "--account", "truth", "-o", "jsonl").rows
            let open = try await lab.succeed("alert", "list", "--account", "truth", "-o", "jsonl").rows.map { $0["id"] }
            #expect(
                try await lab.finding("s3_bucket_versioning_is_enabled", "arn:aws:s3:::truth", account: "truth")?[
                    "status"] == "fail")

            // A denied enrichment call, a denied listing, a throttled listing.
            try await lab.emulator.setFaults([
                ["service": "s3", "operation": "GetBucketVersioning", "fault": "deny"],
                ["service": "sns", "operation": "ListTopics", "fault": "throttle"],
                ["service": "ec2", "operation": "DescribeVpcs", "fault": "deny"],
            ])
            try await lab.succeed("sync", "start", "truth", "--wait")

            let bucket = try await lab.finding(
                "s3_bucket_versioning_is_enabled", "arn:aws:s3:::truth", account: "truth")
            #expect(bucket?["status"] == "unknown")
            #expect(bucket?["reason"]?.string?.contains("GetBucketVersioning") == true, "\(bucket?.text() ?? "none")")
            #expect(bucket?["reason"]?.string?.contains("AccessDenied") == true)
            let other = try await lab.finding("s3_bucket_requires_tls", "arn:aws:s3:::truth", account: "truth")
            #expect(other?["status"] == "fail", "a control that does not read the denied call is certain")
            let stale = try await lab.finding("sns_topic_is_encrypted_with_kms", topic, account: "truth")
            #expect(stale?["status"] == "unknown")
            #expect(stale?["reason"]?.string?.contains("Throttling") == true, "\(stale?.text() ?? "none")")

            let coverage = try await lab.succeed("coverage", "truth", "--gaps", "-o", "jsonl").rows
            let topics = coverage.first { $0["resource_type"] == "aws_sns_topic" }
            #expect(topics?["state"] == "throttled_out")
            #expect(topics?["message"]?.string?.contains("Rate exceeded") == true, "AWS's own words")
            let networks = coverage.first { $0["resource_type"] == "aws_vpc" }
            #expect(networks?["state"] == "access_denied")
            #expect(networks?["code"] == "UnauthorizedOperation")
            #expect(coverage.contains { $0["operation"] == "GetBucketVersioning" && $0["code"] == "AccessDenied" })

            let after = try await lab.succeed("asset", "list", "--account", "truth", "-o", "jsonl").rows
            #expect(
                Set(after.map { $0["arn"]?.string ?? "" }) == Set(assets.map { $0["arn"]?.string ?? "" }),
                "an asset was removed")
            #expect(after.first { $0["arn"]?.string == topic }?["stale"] == true)
            let stillOpen = Set(
                try await lab.succeed("alert", "list", "--account", "truth", "-o", "jsonl").rows.map {
                    $0["id"]?.string ?? ""
                })
            #expect(open.allSatisfy { stillOpen.contains($0?.string ?? "") }, "an alert was resolved by a gap")

            // With the calls answered again, everything is certain again.
            try await lab.emulator.setFaults([])
            try await lab.sync("truth")
            #expect(
                try await lab.finding("s3_bucket_versioning_is_enabled", "arn:aws:s3:::truth", account: "truth")?[
                    "status"] == "fail")
            #expect(
                try await lab.succeed("coverage", "truth", "--gaps", "-o", "jsonl").rows.allSatisfy {
                    $0["resource_type"] != "aws_sns_topic"
                })
        }
    }

    @Test func `a killed sync service comes back consistent and resumes the run without repeating finished scopes`()
        async throws
    {
        try await Laboratory.run { lab in
            try await lab.onboard("killed", regions: "us-east-1,eu-west-1")
            try await lab.emulator.setFaults([
                ["service": "kms", "operation": "ListKeys", "fault": "hang", "seconds": 120]
            ])
            try await lab.emulator.forgetCalls()
            let run = try await lab.succeed("sync", "start", "killed", "-o", "json").object["id"]?.string ?? ""
            try await eventually("all scopes but those of KMS are read") {
                let sync = try await lab.succeed("sync", "show", run, "-o", "json").object
                let (done, total) = (sync["scopes_done"]?.int64 ?? 0, sync["scopes_total"]?.int64 ?? 0)
                return total > 0 && done >= total - 2
            }
            let before = try await lab.emulator.calls()
            #expect(before.contains { $0["operation"] == "ListBuckets" })
            try await lab.emulator.forgetCalls()
            for id in try lab.processes(of: "sync-service") { kill(id, SIGKILL) }
            // Only now: a released call would let the run end before it can be cut off.
            try await lab.emulator.setFaults([])
            try await eventually("the service is back and the same run has ended") {
                let answer = try await lab.parapet("sync", "show", run, "-o", "json")
                guard answer.code == 0 else { return false }
                return ["succeeded", "partial"].contains(answer.object["state"]?.string ?? "")
            }
            let sync = try await lab.succeed("sync", "show", run, "-o", "json").object
            #expect(sync["resumptions"] == 1)
            let after = try await lab.emulator.calls()
            #expect(after.contains { $0["operation"] == "ListKeys" })
            #expect(!after.contains { $0["operation"] == "ListBuckets" }, "a finished scope was read again")
            let log = String(decoding: try Files.read(lab.dataDirectory + "/logs/sync-service.log"), as: UTF8.self)
            #expect(log.contains("interrupted"), "the log tells of the interruption")
            try await lab.succeed("account", "watch", "killed")
        }
    }

    @Test func `an external ID is in nothing that the services wrote, even when the account holds it in the clear`()
        async throws
    {
        try await Laboratory.run { lab in
            try await lab.emulator.aws(
                """
                client("cloudformation").create_stack(StackName="parapet", Capabilities=["CAPABILITY_NAMED_IAM"], TemplateBody=json.dumps({
                    "AWSTemplateFormatVersion": "2010-09-09", "Description": "holds \(Laboratory.externalID)",
                    "Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "stack"}}}}))
                client("iam").create_policy(PolicyName="holds-it", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
                    {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*", "Condition": {"StringEquals": {"STS:externalid": "\(Laboratory.externalID)"}}}]}))
                client("iam").create_user(UserName="tagged", Tags=[{"Key": "note", "Value": "id is \(Laboratory.externalID)!"}])
                """)
            try await lab.onboard("canary", regions: "us-east-1")
            try await lab.succeed("alert", "list", "--account", "canary")
            let role = try await lab.succeed(
                "asset", "show", "arn:aws:iam::123456789012:role/ParapetReadOnly", "-o", "json")
            #expect(!role.output.contains(Laboratory.externalID))
            #expect(
                role.output.contains("sts:ExternalId"), "the condition's presence is kept: \(role.output.prefix(2000))")
            let needle = Array(Laboratory.externalID.utf8)
            let files = try lab.everythingWritten()
            #expect(files.contains { $0.path.hasSuffix(".db") })
            for file in files {
                #expect(!contains(file.bytes, needle), "\(file.path) holds the external ID")
            }
            // The arguments of every process of the installation.
            for id in try Files.list("/proc").compactMap({ Int32($0) }) {
                guard let line = try? Files.read("/proc/\(id)/cmdline"), contains(line, Array(lab.folder.utf8)) else {
                    continue
                }
                #expect(!contains(line, needle))
            }
        }
    }

    @Test func `a deleted account is purged from every service, and its name is free again`() async throws {
        try await Laboratory.run { lab in
            try await lab.onboard("gone", regions: "us-east-1")
            let arn =
                try await lab.succeed("asset", "list", "--account", "gone", "-o", "jsonl").rows.first?["arn"]?.string
                ?? ""
            let deletion = try await lab.succeed("account", "delete", "gone", "--yes")
            #expect(deletion.output.contains("delete"), "it says how to remove the role: \(deletion.output)")
            try await eventually("the account is gone") { try await lab.parapet("account", "show", "gone").code == 3 }
            #expect(try await lab.parapet("asset", "show", arn).code == 3)
            #expect(try await lab.succeed("finding", "list", "-o", "jsonl").rows.isEmpty)
            try await lab.succeed("account", "create", "--name", "gone")
        }
    }

    private func contains(_ bytes: [UInt8], _ needle: [UInt8]) -> Bool {
        guard let first = needle.first, bytes.count >= needle.count else { return false }
        var start = bytes.startIndex
        while let index = bytes[start...].firstIndex(of: first) {
            if bytes[index...].starts(with: needle) { return true }
            start = index + 1
        }
        return false
    }
}
