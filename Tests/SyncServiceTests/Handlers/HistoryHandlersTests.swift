import API
import JSON
import Platform
import RPC
import ServiceKit
import TestSupport
import Testing
import Wire

@testable import SyncService

/// ListAssetVersions and DiffSyncs over an engine with fakes.
@Suite struct HistoryHandlersTests {
    private static let day = Duration.seconds(86_400)

    private func put(_ fixture: HandlerFixture, _ items: [FakeItem]) {
        fixture.engine.aws.put("aws_vpc", "eu-central-1", items)
    }

    private func versions(
        _ fixture: HandlerFixture, _ id: String, page: Int32 = 0, configuration: Bool = false
    ) async throws -> [AssetVersion] {
        var all: [AssetVersion] = []
        var request = ListAssetVersionsRequest()
        request.arn = "arn:aws:x:::\(id)"
        request.pageSize = page
        request.includeConfiguration = configuration
        repeat {
            let response = try await fixture.handlers.listAssetVersions(request, fixture.call())
            #expect(page == 0 || response.versions.count <= page)
            #expect(response.resourceType == "aws_vpc" && response.accountId == "acct-1")
            all += response.versions
            request.pageToken = response.nextPageToken
        } while !request.pageToken.isEmpty
        return all
    }

    private func differences(
        _ fixture: HandlerFixture, _ from: StoredRun, _ to: StoredRun, page: Int32 = 0
    ) async throws -> [AssetDifference] {
        var all: [AssetDifference] = []
        var request = DiffSyncsRequest()
        request.fromSyncId = from.id
        request.toSyncId = to.id
        request.pageSize = page
        repeat {
            let response = try await fixture.handlers.diffSyncs(request, fixture.call())
            #expect(page == 0 || response.differences.count <= page)
            #expect(response.fromSync?.id == from.id && response.toSync?.id == to.id)
            all += response.differences
            request.pageToken = response.nextPageToken
        } while !request.pageToken.isEmpty
        return all
    }

    private func refusal(_ body: () async throws(RPCError) -> Void) async -> RPCError? {
        do throws(RPCError) { try await body() } catch { return error }
        return nil
    }

    // MARK: Versions

    @Test func `each state of an asset has its time and what changed in it, through its removal and return`()
        async throws
    {
        let fixture = try await HandlerFixture()
        let clock = fixture.engine.clock
        let gap = AssetGap(call: "GetX", code: "AccessDenied", message: "no")
        let states: [[FakeItem]] = [
            [FakeItem(id: "v", configuration: ["a": 1, "GetX": ["k": 1]], tags: ["env": "dev"])],
            [FakeItem(id: "v", configuration: ["a": 1, "GetX": ["k": 1]], tags: ["env": "prod"])],
            [FakeItem(id: "v", configuration: ["a": 2], tags: ["env": "prod"], gaps: [gap])], [],
            [FakeItem(id: "v", configuration: ["a": 3])],
        ]
        var times: [Timestamp] = []
        for state in states {
            clock.advance(by: Self.day)
            times.append(Timestamp(unixMilliseconds: clock.now().unixMilliseconds))
            put(fixture, state)
            try await fixture.engine.sync()
        }
        let all = try await versions(fixture, "v", configuration: true)
        #expect(all.map(\.fromTime) == [times[4], times[2], times[1], times[0]])
        #expect(all.map(\.toTime) == [nil, times[3], times[2], times[1]])
        #expect(all.map(\.removed) == [false, true, false, false])
        #expect(all.map(\.first) == [true, false, false, true])
        #expect(all.map(\.previousForgotten).allSatisfy { !$0 })
        #expect(all.map(\.tags) == [[:], ["env": "prod"], ["env": "prod"], ["env": "dev"]])
        #expect(
            all.map(\.configuration) == [
                #"{"a":3}"#, #"{"a":2}"#, #"{"GetX":{"k":1},"a":1}"#, #"{"GetX":{"k":1},"a":1}"#,
            ])
        #expect(all.map { $0.gaps.map(\.call) } == [[], ["GetX"], [], []])
        #expect(all.map { $0.changes.map(\.path) } == [[], ["$.GetX", "$.a"], ["tags.env"], []])
        #expect(all[1].changes.map(\.kind) == [.unknown, .changed])
        #expect(all[1].changes.map(\.before) == [#"{"k":1}"#, "1"])
        #expect(all[1].changes.map(\.after) == ["", "2"])
        #expect(all[2].configurationHash == all[3].configurationHash)
        #expect(all[1].configurationHash != all[2].configurationHash)
        for page in [1, 2, 3] as [Int32] {
            #expect(try await versions(fixture, "v", page: page, configuration: true) == all)
        }
        #expect(try await versions(fixture, "v").allSatisfy { $0.configuration.isEmpty })
    }

    @Test func `large states and changes make short pages and are cut, never a message that is too large`() async throws
    {
        let fixture = try await HandlerFixture()
        for round in 0..<4 {
            let texts = (0..<400).map {
                ("k\($0)", JSONValue.string(String(repeating: "äx\(round)", count: 1500)))
            }
            put(fixture, [FakeItem(id: "v", configuration: .object(JSONObject(texts)))])
            try await fixture.engine.sync()
        }
        let request = ListAssetVersionsRequest.with {
            $0.arn = "arn:aws:x:::v"
            $0.includeConfiguration = true
        }
        let first = try await fixture.handlers.listAssetVersions(request, fixture.call())
        #expect(first.encoded().count < 4 << 20)
        #expect(first.versions.count == 1)
        #expect(first.versions.first?.changesCut == true)
        #expect(first.versions.first?.changes.allSatisfy { $0.cut && $0.before.utf8.count <= 2048 } == true)
        #expect(try await versions(fixture, "v", configuration: true).count == 4)
    }

    @Test func `a state that is no longer kept is said to be missing, and an asset without any is refused`()
        async throws
    {
        let fixture = try await HandlerFixture()
        let clock = fixture.engine.clock
        put(fixture, [FakeItem(id: "v", configuration: ["a": 1]), FakeItem(id: "gone")])
        try await fixture.engine.sync()
        clock.advance(by: Self.day)
        put(fixture, [FakeItem(id: "v", configuration: ["a": 2])])
        try await fixture.engine.sync()
        clock.advance(by: Self.day * 500)
        try await fixture.engine.store.tidy(Retention())
        let left = try await versions(fixture, "v")
        #expect(left.map(\.previousForgotten) == [true])
        #expect(left.map(\.first) == [false])
        let refused = await refusal { () async throws(RPCError) in
            _ = try await fixture.handlers.listAssetVersions(.with { $0.arn = "arn:aws:x:::gone" }, fixture.call())
        }
        #expect(refused?.code == .failedPrecondition)
        #expect(refused?.refusalReason == .historyForgotten)
        let unknown = await refusal { () async throws(RPCError) in
            _ = try await fixture.handlers.listAssetVersions(.with { $0.arn = "arn:aws:x:::never" }, fixture.call())
        }
        #expect(unknown?.code == .notFound)
    }

    @Test func `an ARN that two types or accounts use has to be told apart`() async throws {
        let fixture = try await HandlerFixture()
        put(fixture, [FakeItem(id: "v")])
        fixture.engine.aws.put("aws_s3_bucket", "global", [FakeItem(id: "v")])
        try await fixture.engine.sync()
        let both = await refusal { () async throws(RPCError) in
            _ = try await fixture.handlers.listAssetVersions(.with { $0.arn = "arn:aws:x:::v" }, fixture.call())
        }
        #expect(both?.code == .invalidArgument)
        #expect(both?.message.contains("resource_type") == true)
        let one = try await fixture.handlers.listAssetVersions(
            .with {
                $0.arn = "arn:aws:x:::v"
                $0.resourceType = "aws_s3_bucket"
            }, fixture.call())
        #expect(one.versions.count == 1)
    }

    // MARK: Differences

    /// What a model says of the difference between two syncs, by ARN.
    private func expected(_ old: [String: FakeItem], _ new: [String: FakeItem]) -> [String: AssetDifferenceKind] {
        var kinds: [String: AssetDifferenceKind] = [:]
        for id in Set(old.keys).union(new.keys) {
            switch (old[id], new[id]) {
            case (nil, _?): kinds["arn:aws:x:::\(id)"] = .added
            case (_?, nil): kinds["arn:aws:x:::\(id)"] = .removed
            case (let before?, let after?):
                if before.configuration != after.configuration || before.tags != after.tags {
                    kinds["arn:aws:x:::\(id)"] = .changed
                }
            case (nil, nil): break
            }
        }
        return kinds
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `between any two of many syncs exactly that differs which did`(seed: UInt64) async throws {
        let fixture = try await HandlerFixture(["eu-central-1", "us-east-1"])
        var random = SeededGenerator(seed: seed)
        var items: [String: FakeItem] = [:]
        var history: [(run: StoredRun, items: [String: FakeItem])] = []
        for _ in 0..<10 {
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                let id = "v\(Int.random(in: 0..<6, using: &random))"
                switch Int.random(in: 0..<5, using: &random) {
                case 0: items[id] = nil
                case 1: items[id]?.tags = ["t": "\(Int.random(in: 0..<2, using: &random))"]
                default:
                    // Few values, so that some come back.
                    items[id, default: FakeItem(id: id)].configuration = [
                        "n": .integer(Int.random(in: 0..<3, using: &random))
                    ]
                }
            }
            for (region, part) in [("eu-central-1", 0), ("us-east-1", 1)] {
                let here = items.values.filter { ($0.id.utf8.last ?? 0) % 2 == part }.sorted { $0.id < $1.id }
                fixture.engine.aws.put("aws_vpc", region, here)
            }
            fixture.engine.clock.advance(by: .seconds(60))
            history.append((try await fixture.engine.sync(), items))
        }
        var compared = 0
        for (index, old) in history.enumerated() {
            for new in history[index...] {
                let found = try await differences(fixture, old.run, new.run)
                let kinds = Dictionary(found.map { ($0.arn, $0.kind) }) { first, _ in first }
                #expect(kinds == expected(old.items, new.items), "\(old.run.id) to \(new.run.id)")
                #expect(kinds.count == found.count)
                for difference in found where difference.kind == .changed {
                    let (before, after) = (old.items[difference.resourceId], new.items[difference.resourceId])
                    let number = difference.changes.first { $0.path == "$.n" }
                    #expect(
                        number?.before
                            == (before?.configuration == after?.configuration
                                ? nil : before?.configuration["n"]?.text()))
                    #expect(difference.changes.contains { $0.path == "tags.t" } == (before?.tags != after?.tags))
                }
                if index % 3 == 0 {
                    #expect(try await differences(fixture, old.run, new.run, page: 1) == found)
                    #expect(try await differences(fixture, old.run, new.run, page: 3) == found)
                }
                compared += found.count
            }
        }
        #expect(compared > 40)
    }

    @Test func `filters leave what is of another type or region`() async throws {
        let fixture = try await HandlerFixture(["eu-central-1", "us-east-1"])
        let first = try await fixture.engine.sync()
        put(fixture, [FakeItem(id: "eu")])
        fixture.engine.aws.put("aws_vpc", "us-east-1", [FakeItem(id: "us")])
        fixture.engine.aws.put("aws_s3_bucket", "global", [FakeItem(id: "b", region: "us-east-1")])
        let second = try await fixture.engine.sync()
        func found(_ region: String, _ type: String) async throws -> [String] {
            let response = try await fixture.handlers.diffSyncs(
                .with {
                    $0.fromSyncId = first.id
                    $0.toSyncId = second.id
                    $0.region = region
                    $0.resourceType = type
                }, fixture.call())
            return response.differences.map(\.resourceId).sorted()
        }
        #expect(try await found("", "") == ["b", "eu", "us"])
        #expect(try await found("us-east-1", "") == ["b", "us"])
        #expect(try await found("us-east-1", "aws_vpc") == ["us"])
        #expect(try await found("", "aws_s3_bucket") == ["b"])
        #expect(try await found("mars-1", "") == [])
    }

    @Test func `what an earlier sync left is refused once it is not kept, and the earliest that can be compared named`()
        async throws
    {
        let fixture = try await HandlerFixture()
        let clock = fixture.engine.clock
        var runs: [StoredRun] = []
        for number in 0..<3 {
            put(fixture, [FakeItem(id: "v", configuration: ["a": .integer(number)])])
            runs.append(try await fixture.engine.sync())
            clock.advance(by: Self.day * 300)
        }
        try await fixture.engine.store.tidy(Retention())
        let request = DiffSyncsRequest.with {
            $0.fromSyncId = runs[0].id
            $0.toSyncId = runs[2].id
        }
        let refused = await refusal { () async throws(RPCError) in
            _ = try await fixture.handlers.diffSyncs(request, fixture.call())
        }
        #expect(refused?.refusalReason == .historyForgotten)
        #expect(refused?.message.contains(runs[1].id) == true, "\(refused?.message ?? "")")
        let rest = try await differences(fixture, runs[1], runs[2])
        #expect(rest.map { $0.changes.map(\.before) } == [["1"]])
    }

    @Test func `runs that have not ended, are in the other order, or of two accounts are refused`() async throws {
        let fixture = try await HandlerFixture()
        let first = try await fixture.engine.sync()
        let second = try await fixture.engine.sync()
        let other = try await fixture.engine.store.request(
            account: fixture.engine.account("acct-2").key, cause: .change, key: "", isPatient: true)
        let open = try await fixture.engine.store.request(
            account: fixture.engine.account().key, cause: .change, key: "", isPatient: true)
        guard case .created(let foreign) = other, case .created(let queued) = open else {
            Issue.record("no runs")
            return
        }
        for (from, to, code, word) in [
            (second.id, first.id, StatusCode.invalidArgument, "later"),
            (first.id, foreign.id, .invalidArgument, "acct-1"), (first.id, queued.id, .failedPrecondition, queued.id),
            (first.id, "none", .notFound, "none"), ("", first.id, .invalidArgument, "from_sync_id"),
        ] {
            let refused = await refusal { () async throws(RPCError) in
                _ = try await fixture.handlers.diffSyncs(
                    .with {
                        $0.fromSyncId = from
                        $0.toSyncId = to
                    }, fixture.call())
            }
            #expect(refused?.code == code, "\(from) \(to)")
            #expect(refused?.message.contains(word) == true, "\(refused?.message ?? "")")
        }
        #expect(try await differences(fixture, first, first).isEmpty)
    }

    @Test func `a token of one comparison is none of another`() async throws {
        let fixture = try await HandlerFixture()
        let first = try await fixture.engine.sync()
        put(fixture, [FakeItem(id: "a"), FakeItem(id: "b")])
        let second = try await fixture.engine.sync()
        var request = DiffSyncsRequest.with {
            $0.fromSyncId = first.id
            $0.toSyncId = second.id
            $0.pageSize = 1
        }
        request.pageToken = try await fixture.handlers.diffSyncs(request, fixture.call()).nextPageToken
        #expect(!request.pageToken.isEmpty)
        request.fromSyncId = second.id
        let asked = request
        let refused = await refusal { () async throws(RPCError) in
            _ = try await fixture.handlers.diffSyncs(asked, fixture.call())
        }
        #expect(refused?.message.contains("page_token") == true)
    }
}
