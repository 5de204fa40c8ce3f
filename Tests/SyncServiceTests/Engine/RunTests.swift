import JSON
import Platform
import RPC
import Storage
import Synchronization
import Testing

@testable import SyncService

@Suite struct RunTests {
    @Test func `a first sync stores what was listed and succeeds`() async throws {
        let engine = try await EngineFixture()
        engine.aws.put("aws_vpc", "eu-central-1", [FakeItem(id: "vpc-1", configuration: ["Cidr": "10.0.0.0/8"])])
        let run = try await engine.sync()
        #expect(run.state == .succeeded)
        #expect(run.counts.scopesTotal == 2)
        #expect(run.counts.scopesDone == 2)
        #expect(run.counts.assetsSeen == 1)
        #expect(run.counts.apiCalls == 7)
        #expect(run.assessment == .pending)
        #expect(try await engine.assets().map(\.id) == ["vpc-1"])
        #expect(try await engine.coverage("aws_vpc", "eu-central-1")?.state == .complete)
    }

    @Test func `an asset too large for a message is a gap of its scope, and what was known stays`() async throws {
        let engine = try await EngineFixture()
        engine.aws.put("aws_vpc", "eu-central-1", [FakeItem(id: "vpc-1")])
        try await engine.sync()
        let large: JSONValue = ["Text": .string(String(repeating: "x", count: PreparedAsset.limitBytes))]
        engine.aws.put("aws_vpc", "eu-central-1", [FakeItem(id: "vpc-2", configuration: large)])
        let run = try await engine.sync()
        #expect(run.state == .partial)
        #expect(try await engine.assets().map(\.id) == ["vpc-1"])
        #expect(try await engine.coverage("aws_vpc", "eu-central-1")?.code == "Parapet.TooLarge")
    }

    @Test func `a run's record has its calls by service and region, over its interruptions`() async throws {
        let engine = try await EngineFixture()
        let run = try await engine.sync()
        let usage = RunUsage(
            service: "ec2", region: "eu-central-1", calls: 7, retries: 2, throttles: 1, bytes: 700, peak: 7)
        #expect(try await engine.store.usage(run: run.key) == [usage])
        var more = usage
        more.peak = 9
        try await engine.store.addUsage(run: run.key, [more])
        let sum = try await engine.store.usage(run: run.key)
        #expect(sum.map(\.calls) == [14])
        #expect(sum.map(\.bytes) == [1400])
        #expect(sum.map(\.peak) == [9])
        #expect(try await engine.store.run(id: run.id)?.counts.apiCalls == 14)
    }

    @Test func `a run of a part touches only the coverage of that part, and what is planned for the whole stays`()
        async throws
    {
        let engine = try await EngineFixture(["eu-central-1", "us-east-1"])
        engine.aws.state.withLock { state in
            state.regions = ["eu-central-1", "us-east-1"].map { RegionOptIn(name: $0, status: "opted-in") }
        }
        for region in ["eu-central-1", "us-east-1"] {
            engine.aws.put("aws_vpc", region, [FakeItem(id: "vpc-\(region)")])
        }
        try await engine.sync()
        let due = try await engine.store.due(at: 0).next
        for region in ["eu-central-1", "us-east-1"] { engine.aws.put("aws_vpc", region, []) }
        engine.aws.state.withLock { $0.listed = [] }
        engine.clock.advance(by: .seconds(3600))
        // Also a configuration that changed meanwhile is left to a whole run.
        engine.connections.choose(["us-east-1"])
        let run = try await engine.sync(RunFilter(types: ["aws_vpc"], regions: ["us-east-1"]))
        #expect(run.state == .succeeded)
        #expect(run.filter == RunFilter(types: ["aws_vpc"], regions: ["us-east-1"]))
        #expect(engine.aws.listed == [Scope(region: "us-east-1", type: "aws_vpc")])
        #expect(try await engine.assets().map(\.id) == ["vpc-eu-central-1"])
        let now = engine.store.now()
        let read = try await engine.store.coverage(account: engine.account().key).filter { $0.attemptTime == now }
        #expect(read.map(\.scope.region) == ["us-east-1"])
        #expect(try await engine.store.due(at: 0).next == due)
    }

    @Test func `regions not chosen are noticed by one call each and never collected`() async throws {
        let engine = try await EngineFixture(["eu-central-1"])
        func enable(_ names: [String]) {
            engine.aws.state.withLock { state in
                state.regions =
                    names.map { RegionOptIn(name: $0, status: "opted-in") }
                    + [RegionOptIn(name: "me-south-1", status: "not-opted-in")]
            }
        }
        enable(["eu-central-1", "us-east-1", "us-west-2"])
        engine.aws.state.withLock { state in
            state.instances["us-east-1"] = 3
            state.glanceFailures["us-west-2"] = ReadFailure(.denied, code: "UnauthorizedOperation", message: "no")
        }
        let first = try await engine.sync()
        #expect(first.state == .succeeded)
        #expect(engine.aws.state.withLock { $0.glanced.sorted() } == ["us-east-1", "us-west-2"])
        #expect(
            try await engine.store.noticed(run: first.key) == [
                NoticedRegion(region: "us-east-1", instances: 3),
                NoticedRegion(region: "us-west-2", code: "UnauthorizedOperation"),
            ])
        #expect(engine.aws.listed.allSatisfy { ["eu-central-1", "global"].contains($0.region) })
        enable(["eu-central-1", "us-east-1", "us-west-2", "ap-east-1"])
        _ = try await engine.sync()
        let noticed = try await engine.store.noticed(account: engine.account().key)
        #expect(noticed.filter(\.isNew).map(\.region) == ["ap-east-1"])
    }

    @Test func `a region that is enabled later is collected where the rule is all, and nothing is probed`() async throws
    {
        let engine = try await EngineFixture([])
        engine.aws.put("aws_vpc", "ap-east-1", [FakeItem(id: "vpc-9")])
        engine.aws.state.withLock { state in
            state.regions = [
                RegionOptIn(name: "eu-central-1", status: "opt-in-not-required"),
                RegionOptIn(name: "ap-east-1", status: "not-opted-in"),
            ]
        }
        try await engine.sync()
        #expect(try await engine.coverage("aws_vpc", "ap-east-1")?.state == .regionDisabled)
        engine.aws.state.withLock { $0.regions[1].status = "opted-in" }
        try await engine.sync()
        #expect(try await engine.assets().map(\.id) == ["vpc-9"])
        #expect(try await engine.coverage("aws_vpc", "ap-east-1")?.state == .complete)
        #expect(engine.aws.state.withLock { $0.glanced.isEmpty })
    }

    @Test func `a listing beyond the cap is a gap and removes nothing`() async throws {
        let engine = try await EngineFixture { $0.limits.itemsPerScope = 3 }
        engine.aws.put("aws_vpc", "eu-central-1", (0..<3).map { FakeItem(id: "vpc-\($0)") })
        try await engine.sync()
        #expect(try await engine.coverage("aws_vpc", "eu-central-1")?.state == .complete)
        engine.aws.put("aws_vpc", "eu-central-1", (1..<5).map { FakeItem(id: "vpc-\($0)") })
        let run = try await engine.sync()
        #expect(run.state == .partial)
        let coverage = try await engine.coverage("aws_vpc", "eu-central-1")
        #expect(coverage?.state == .failed)
        #expect(coverage?.code == "Parapet.TooManyItems")
        #expect(try await engine.assets().map(\.id) == ["vpc-0", "vpc-1", "vpc-2"])
    }

    @Test func `what a type is listed from is read with it`() {
        let types = [
            PlannedType(name: "a", isGlobal: false), PlannedType(name: "b", isGlobal: false, parents: ["a"]),
            PlannedType(name: "c", isGlobal: false, parents: ["b"]), PlannedType(name: "d", isGlobal: false),
        ]
        let plan = ScopePlan(types: types, regions: ["r"]).keeping(RunFilter(types: ["c"]), types)
        #expect(plan.scopes.map(\.type) == ["a", "b", "c"])
    }

    @Test func `a run of a part that others come to wait for reads all`() async throws {
        let engine = try await EngineFixture()
        let account = try await engine.account()
        let part = try await engine.store.request(
            account: account.key, cause: .manual, key: "", isPatient: false, filter: RunFilter(types: ["aws_vpc"]))
        guard case .created(let run) = part else { throw Unexpected(what: "\(part)") }
        #expect(run.filter == RunFilter(types: ["aws_vpc"]))
        _ = try await engine.store.request(account: account.key, cause: .change, key: "k", isPatient: true)
        #expect(try await engine.store.run(id: run.id)?.filter.isEmpty == true)
    }

    @Test func `an unchanged sync takes no change number and writes no asset`() async throws {
        let engine = try await EngineFixture()
        engine.aws.put("aws_vpc", "eu-central-1", (0..<50).map { FakeItem(id: "vpc-\($0)") })
        try await engine.sync()
        let change = try await engine.change()
        let before = try await engine.assets()
        engine.clock.advance(by: .seconds(60))
        let run = try await engine.sync()
        #expect(run.state == .succeeded)
        #expect(run.counts.assetsChanged == 0)
        #expect(try await engine.change() == change)
        #expect(try await engine.assets() == before)
    }

    @Test func `a denied listing keeps its assets, and coverage says why`() async throws {
        let engine = try await EngineFixture()
        engine.aws.put("aws_vpc", "eu-central-1", [FakeItem(id: "vpc-1")])
        try await engine.sync()
        engine.aws.put("aws_vpc", "eu-central-1", [])
        engine.aws.fail(
            "aws_vpc", "eu-central-1",
            ReadFailure(.denied, code: "UnauthorizedOperation", message: "no", operation: "ec2:DescribeVpcs"))
        let run = try await engine.sync()
        #expect(run.state == .partial)
        #expect(run.counts.scopesWithGaps == 1)
        let assets = try await engine.assets()
        #expect(assets.map(\.id) == ["vpc-1"])
        #expect(assets.first?.isStale == true)
        let coverage = try await engine.coverage("aws_vpc", "eu-central-1")
        #expect(coverage?.state == .accessDenied)
        #expect(coverage?.code == "UnauthorizedOperation")
        #expect(coverage?.operation == "ec2:DescribeVpcs")
        #expect(coverage?.completeTime != nil)
    }

    @Test func `a throttled listing is told apart from a denied one`() async throws {
        let engine = try await EngineFixture()
        engine.aws.fail(
            "aws_vpc", "eu-central-1", ReadFailure(.throttled, code: "RequestLimitExceeded", message: "slow"))
        #expect(try await engine.sync().state == .partial)
        #expect(try await engine.coverage("aws_vpc", "eu-central-1")?.state == .throttledOut)
    }

    @Test func `a denied call about an asset is a gap and a change`() async throws {
        let engine = try await EngineFixture()
        engine.aws.put("aws_s3_bucket", "global", [FakeItem(id: "b", configuration: ["GetBucketPolicy": "x"])])
        try await engine.sync()
        let change = try await engine.change()
        let gap = AssetGap(call: "GetBucketPolicy", code: "AccessDenied", message: "denied")
        engine.aws.put("aws_s3_bucket", "global", [FakeItem(id: "b", configuration: [:], gaps: [gap])])
        let run = try await engine.sync()
        #expect(run.state == .partial)
        #expect(try await engine.change() > change)
        let asset = try await engine.assets().first
        #expect(asset?.gaps?.contains("GetBucketPolicy") == true)
        #expect(try await engine.coverage("aws_s3_bucket", "global")?.assetsWithGaps == 1)
        let counts = try await engine.store.gapCounts(account: engine.account().key)
        #expect(counts.map(\.assets) == [1])
        #expect(counts.first?.gap == gap)
    }

    @Test func `an asset that a complete listing no longer names leaves a tombstone`() async throws {
        let engine = try await EngineFixture()
        engine.aws.put("aws_vpc", "eu-central-1", [FakeItem(id: "vpc-1"), FakeItem(id: "vpc-2")])
        try await engine.sync()
        engine.aws.put("aws_vpc", "eu-central-1", [FakeItem(id: "vpc-2")])
        let run = try await engine.sync()
        #expect(run.counts.assetsChanged == 1)
        #expect(try await engine.assets().map(\.id) == ["vpc-2"])
        let account = try await engine.account()
        let codec = engine.store.codec
        let deleted = try await engine.store.reader.read { connection throws(StorageError) in
            var deleted: [String] = []
            try SyncStore.changes(account: account, after: 1, tombstones: 1, codec, connection) { asset in
                if asset.isDeleted { deleted.append(asset.id) }
                return true
            }
            return deleted
        }
        #expect(deleted == ["vpc-1"])
    }

    @Test func `a removed region loses its assets whether or not AWS answers`() async throws {
        let engine = try await EngineFixture(["eu-central-1", "us-east-1"])
        engine.aws.put("aws_vpc", "eu-central-1", [FakeItem(id: "vpc-eu")])
        engine.aws.put("aws_vpc", "us-east-1", [FakeItem(id: "vpc-us")])
        engine.aws.put(
            "aws_s3_bucket", "global",
            [FakeItem(id: "b-eu", region: "eu-central-1"), FakeItem(id: "b-us", region: "us-east-1")])
        try await engine.sync()
        #expect(try await engine.assets().count == 4)
        engine.connections.choose(["eu-central-1"])
        engine.aws.state.withLock {
            $0.openFailure = ReadFailure(.denied, code: "AccessDenied", message: "not authorized")
        }
        let change = try await engine.change()
        let run = try await engine.sync()
        #expect(run.state == .failed)
        #expect(run.problem == "AccessDenied: not authorized")
        #expect(run.assessment == .pending)
        #expect(Set(try await engine.assets().map(\.id)) == ["vpc-eu", "b-eu"])
        #expect(try await engine.coverage("aws_vpc", "us-east-1") == nil)
        #expect(try await engine.coverage("aws_vpc", "eu-central-1")?.state == .accessDenied)
        let account = try await engine.account()
        let removed = try await engine.store.reader.read { connection throws(StorageError) in
            try SyncStore.coverage(account: account.key, after: change, connection).filter(\.isRemoved)
        }
        #expect(removed.map(\.scope) == [Scope(region: "us-east-1", type: "aws_vpc")])
        #expect(removed.first?.state == .regionDisabled)
    }

    @Test func `assets in regions that are not chosen are neither enriched nor stored`() async throws {
        let engine = try await EngineFixture()
        engine.aws.put(
            "aws_s3_bucket", "global",
            [FakeItem(id: "b-eu", region: "eu-central-1"), FakeItem(id: "b-us", region: "us-east-1")])
        try await engine.sync()
        #expect(try await engine.assets().map(\.id) == ["b-eu"])
        #expect(engine.aws.state.withLock { $0.enriched } == 1)
    }

    @Test func `a region that is off is complete and empty without a call`() async throws {
        let engine = try await EngineFixture(["eu-central-1", "ap-east-1"])
        engine.aws.state.withLock { $0.regions.append(RegionOptIn(name: "ap-east-1", status: "not-opted-in")) }
        let run = try await engine.sync()
        #expect(run.state == .succeeded)
        #expect(try await engine.coverage("aws_vpc", "ap-east-1")?.state == .regionDisabled)
        #expect(!engine.aws.listed.contains { $0.region == "ap-east-1" })
    }

    @Test func `a type whose parent could not be read is incomplete too`() async throws {
        let types = [
            PlannedType(name: "aws_ecs_service", isGlobal: false, parents: ["aws_ecs_cluster"]),
            PlannedType(name: "aws_ecs_cluster", isGlobal: false), PlannedType(name: "aws_vpc", isGlobal: false),
        ]
        let engine = try await EngineFixture(types: [types[1], types[0], types[2]])
        engine.aws.fail("aws_ecs_cluster", "eu-central-1", ReadFailure(.denied, code: "AccessDenied", message: "no"))
        #expect(try await engine.sync().state == .partial)
        let coverage = try await engine.coverage("aws_ecs_service", "eu-central-1")
        #expect(coverage?.state == .accessDenied)
        #expect(coverage?.message.contains("aws_ecs_cluster") == true)
        #expect(!engine.aws.listed.contains { $0.type == "aws_ecs_service" })
    }

    @Test func `a disabled account is not read`() async throws {
        let engine = try await EngineFixture()
        engine.connections.refuse(RPCError(.failedPrecondition, "account acct-1 is disabled"))
        let run = try await engine.sync()
        #expect(run.state == .cancelled)
        #expect(run.problem == "account acct-1 is disabled")
        #expect(run.assessment == .none)
        #expect(engine.aws.state.withLock { $0.opened } == 0)
    }

    @Test func `the external ID is neither in assets nor in coverage nor in the run`() async throws {
        let engine = try await EngineFixture()
        let secret = "external-id-0123456789"
        engine.aws.put(
            "aws_vpc", "eu-central-1",
            [
                FakeItem(
                    id: "x", configuration: ["a": .string("id=\(secret)")], tags: ["t": secret],
                    gaps: [AssetGap(call: "C", code: "E", message: "bad \(secret)")])
            ])
        engine.aws.fail("aws_s3_bucket", "global", ReadFailure(.other, code: "X", message: "with \(secret)"))
        try await engine.sync()
        await engine.store.close()
        let bytes = try Files.read(engine.directory.path + "/sync.db")
        #expect(!String(decoding: bytes, as: UTF8.self).contains(secret))
    }
}
