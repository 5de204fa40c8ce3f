import JSON
import Platform
import TestSupport
import Testing

/// What was and what differs, from outside: the services, the command line and an account that changes.
extension IntegrationTests {
    @Test func `the command line shows what differs between two syncs, and the states of an asset`() async throws {
        try await ServiceSet.run(account: "changing") { services in
            func answer(_ words: String...) async throws -> JSONValue {
                let run = try await services.parapet(words + ["-o", "json"])
                guard run.status.isSuccess else {
                    throw HarnessError("\(words): \(String(decoding: run.error, as: UTF8.self))")
                }
                return try JSONValue(parsing: run.output)
            }
            for service in ["account-service", "assessment-service", "sync-service"] {
                try await services.start(service)
            }
            // All of the fleet changes, one bucket goes and a volume comes.
            try await services.emulator.set(["generation": 1, "churn": 1000, "buckets": 2, "volumes": 5])
            try await eventually("the sync has ended") {
                try await services.parapet(["sync", "start", "changing", "--wait"]).status.isSuccess
            }
            let syncs = try await answer("sync", "list", "--account", "changing").array ?? []
            let ids = syncs.compactMap { $0["id"]?.string }
            try #require(ids.count == 2)
            let differences = try await answer("sync", "diff", ids[1], ids[0]).array ?? []
            func some(_ kind: String, _ type: String) -> [JSONValue] {
                differences.filter { $0["difference"]?.string == kind && $0["resource_type"]?.string == type }
            }
            #expect(some("removed", "aws_s3_bucket").count == 1)
            #expect(some("added", "aws_ebs_volume").count == 1)
            let volumes = some("changed", "aws_ebs_volume")
            #expect(volumes.count == 4)
            let paths = volumes.first?["changes"]?.array?.compactMap { $0["path"]?.string } ?? []
            #expect(paths == ["$.Size", "$.Tags[Key=release].Value", "tags.release"], "\(paths)")

            let arn = volumes.first?["arn"]?.string ?? ""
            let versions = try await answer("asset", "versions", arn, "--configuration").array ?? []
            #expect(versions.map { $0["first"]?.bool } == [false, true])
            #expect(versions.first?["changes"] == volumes.first?["changes"])
            #expect(versions.first?["to_time"] == .null && versions.last?["to_time"] == versions.first?["from_time"])
            let sizes = versions.compactMap { $0["configuration"]?["Size"]?.int64 }
            #expect(sizes.count == 2 && sizes.first == (sizes.last ?? 0) + 1)

            let gone = some("removed", "aws_s3_bucket").first?["arn"]?.string ?? ""
            #expect(try await answer("asset", "history", gone).array?.map { $0["removed"]?.bool } == [true])
            let text = try await services.parapet(["sync", "diff", ids[1], ids[0], "--type", "aws_ebs_volume"])
            #expect(String(decoding: text.output, as: UTF8.self).hasSuffix("\n1 added, 0 removed, 4 changed\n"))
            let other = try await services.parapet(["sync", "diff", ids[0], ids[1]])
            #expect(other.status == .exited(2))
        }
    }
}
