import JSON
import Storage
import Testing

@testable import SyncService

/// Versions, how they are stored, and how long.
@Suite struct HistoryTests {
    private typealias Fixture = StoreFixture

    /// Real-like configurations: much in common, little apart.
    private func configuration(_ number: Int) -> JSONValue {
        [
            "VpcId": .string("vpc-\(number * 7919)"), "CidrBlock": .string("10.\(number % 250).0.0/16"),
            "State": "available", "InstanceTenancy": "default", "IsDefault": .bool(number % 3 == 0),
            "CidrBlockAssociationSet": [
                [
                    "AssociationId": .string("vpc-cidr-assoc-\(number * 104_729)"),
                    "CidrBlockState": ["State": "associated"],
                ]
            ], "OwnerId": "111122223333", "DhcpOptionsId": "dopt-0a1b2c3d4e5f",
        ]
    }

    private func bodies(_ fixture: StoreFixture) async throws -> [String] {
        let account = try await fixture.engine.account().key
        return try await fixture.store.configurations(account: account, StoreFixture.scope).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    @Test func `bodies of many alike take a fraction, and come back as they were`() async throws {
        let fixture = try await StoreFixture()
        let assets = (100..<700).map { Fixture.asset("vpc-\($0)", configuration($0)) }
        try await fixture.read(assets)
        #expect(try await bodies(fixture) == assets.map { String(decoding: $0.body, as: UTF8.self) })
        #expect(try await fixture.number("SELECT count(*) FROM dictionary WHERE trained") == 1)
        #expect(try await fixture.number("SELECT count(*) FROM version WHERE dictionary IS NULL") == 0)
        let plain = assets.map(\.body.count).reduce(0, +)
        #expect(try await fixture.number("SELECT sum(length(body)) FROM version") < Int64(plain / 5))
    }

    @Test func `the first dictionary is an asset, a trained one follows, and what was made with either is read`()
        async throws
    {
        let fixture = try await StoreFixture()
        try await fixture.read([Fixture.asset("vpc-000", configuration(0))])
        #expect(try await fixture.number("SELECT count(*) FROM dictionary") == 0)
        var assets = (0..<9).map { Fixture.asset("vpc-00\($0)", configuration($0)) }
        try await fixture.read(assets)
        #expect(try await fixture.number("SELECT count(*) FROM dictionary WHERE NOT trained") == 1)
        assets += (100..<300).map { Fixture.asset("vpc-\($0)", configuration($0)) }
        try await fixture.read(assets)
        assets += (300..<500).map { Fixture.asset("vpc-\($0)", configuration($0)) }
        try await fixture.read(assets)
        #expect(try await fixture.number("SELECT count(*) FROM dictionary") == 2)
        #expect(try await bodies(fixture) == assets.map { String(decoding: $0.body, as: UTF8.self) })
        #expect(try await fixture.number("SELECT count(DISTINCT coalesce(dictionary, 0)) FROM version") == 3)
    }

    @Test func `a dictionary is the account's own and goes with it`() async throws {
        let fixture = try await StoreFixture()
        let assets = (100..<200).map { Fixture.asset("vpc-\($0)", configuration($0)) }
        try await fixture.read(assets)
        try await fixture.read(assets, account: "acct-2")
        #expect(try await fixture.number("SELECT count(DISTINCT account) FROM dictionary") == 2)
        _ = try await fixture.store.purge(accountID: "acct-1")
        for table in ["dictionary", "place", "asset", "version", "tag", "asset_tag", "tombstone", "scope"] {
            #expect(
                try await fixture.number(
                    "SELECT count(*) FROM \(table)"
                        + (["asset", "asset_tag"].contains(table) ? "" : " WHERE account = 1"))
                    == (table == "asset" ? 100 : 0), "\(table)")
        }
        try await fixture.read((200..<300).map { Fixture.asset("vpc-\($0)", configuration($0)) })
        #expect(try await bodies(fixture).count == 100)
    }

    @Test func `a write that is undone leaves no dictionary behind in memory`() async throws {
        let fixture = try await StoreFixture()
        let account = try await fixture.engine.account().key
        try await fixture.store.planScopes(account: account, [StoreFixture.scope])
        let (scope, _) = try await fixture.store.open(account: account, StoreFixture.scope)
        var assets = (100..<200).map { (asset: Fixture.asset("vpc-\($0)", configuration($0)), known: nil as Int64?) }
        assets.append(assets[0])
        // The last one is there already: the transaction is undone, and the dictionary's row number is given out again.
        let undone = assets
        await #expect(throws: StorageError.self) {
            try await fixture.store.commit(
                account: account, run: 1, [AssetBatch(scope: scope, type: "aws_vpc", assets: undone)])
        }
        let others = (300..<400).map { Fixture.asset("x-\($0)", configuration($0 * 31)) }
        try await fixture.read(others)
        #expect(try await bodies(fixture) == others.map { String(decoding: $0.body, as: UTF8.self) })
    }

    @Test func `a change of tags, name or gaps alone makes a version that knows what was before`() async throws {
        let fixture = try await StoreFixture()
        let gap = AssetGap(call: "GetX", code: "AccessDenied", message: "no")
        try await fixture.read([Fixture.asset("a", ["n": 1], name: "one", tags: ["env": "dev"])])
        try await fixture.read([Fixture.asset("a", ["n": 1], name: "one", tags: ["env": "prod"])])
        try await fixture.read([Fixture.asset("a", ["n": 1], name: "two", tags: ["env": "prod"], gaps: [gap])])
        try await fixture.read([Fixture.asset("a", ["n": 2], name: "two", tags: ["env": "prod"])])
        let before = try await fixture.store.writer.read { connection throws(StorageError) in
            try connection.rows("SELECT before FROM version ORDER BY k") { $0.optionalText(0) }
        }
        #expect(
            before == [
                nil, #"{"tags":"{\"env\":\"dev\"}"}"#, #"{"gaps":null,"name":"one"}"#,
                #"{"gaps":"[{\"call\":\"GetX\",\"code\":\"AccessDenied\",\"message\":\"no\"}]"}"#,
            ])
        #expect(
            try await fixture.number(
                "SELECT count(*) FROM asset JOIN version ON version.k = asset.version AND version.change = asset.change"
            ) == 1)
    }

    @Test func `a number of an asset is never given twice`() async throws {
        let fixture = try await StoreFixture()
        try await fixture.read([Fixture.asset("a"), Fixture.asset("b")])
        let last = try await fixture.number("SELECT max(k) FROM asset")
        try await fixture.read([Fixture.asset("a")])
        try await fixture.read([Fixture.asset("a"), Fixture.asset("c")])
        #expect(try await fixture.number("SELECT max(k) FROM asset") == last + 1)
    }

    @Test func `a version goes when it has been replaced for long enough, however old it is itself`() async throws {
        let fixture = try await StoreFixture()
        let day = Duration.seconds(86_400)
        func versions() async throws -> Int64 { try await fixture.number("SELECT count(*) FROM version") }
        func floor() async throws -> Int64 { try await fixture.number("SELECT history FROM account") }
        try await fixture.read([Fixture.asset("a"), Fixture.asset("b"), Fixture.asset("still")])
        fixture.engine.clock.advance(by: day * 500)
        try await fixture.read([Fixture.asset("a", ["new": 1]), Fixture.asset("still")])
        try await fixture.store.tidy(Retention())
        #expect(try await versions() == 4)
        #expect(try await floor() == 0)
        fixture.engine.clock.advance(by: day * 399)
        try await fixture.store.tidy(Retention())
        #expect(try await versions() == 4)
        fixture.engine.clock.advance(by: day * 2)
        let (replaced, removed) = (
            try await fixture.number("SELECT change FROM asset WHERE id = 'a'"),
            try await fixture.number("SELECT change FROM tombstone")
        )
        try await fixture.store.tidy(Retention())
        #expect(try await versions() == 2)
        #expect(try await floor() == max(replaced, removed))
        #expect(try await fixture.engine.assets().map(\.id) == ["a", "still"])
    }

    @Test func `when tombstones go, so do the versions of removed assets, and history begins after them`() async throws
    {
        let fixture = try await StoreFixture()
        try await fixture.read([Fixture.asset("a"), Fixture.asset("b"), Fixture.asset("c")])
        try await fixture.read([Fixture.asset("c")])
        let last = try await fixture.number("SELECT max(change) FROM tombstone")
        try await fixture.store.tidy(Retention(tombstones: 1))
        #expect(try await fixture.number("SELECT count(*) FROM version") == 1)
        #expect(try await fixture.number("SELECT count(*) FROM tombstone") == 0)
        #expect(try await fixture.number("SELECT history FROM account") == last)
    }
}
