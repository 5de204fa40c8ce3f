import Storage
import Testing

@testable import SyncService

@Suite struct AssetListingTests {
    private typealias Fixture = StoreFixture

    /// Three types in two regions, 60 assets each, with names and tags that repeat.
    private func filled() async throws -> StoreFixture {
        let fixture = try await StoreFixture()
        for type in ["aws_c", "aws_a", "aws_b"] {
            for region in ["us-east-1", "eu-central-1"] {
                // The order of ARNs is not that of regions.
                let assets = (0..<60).map { number in
                    Fixture.asset(
                        "\(type)-\(region)-\(number)", name: "n\(number % 7)",
                        tags: ["Name": number % 2 == 0 ? "n\(number % 7)" : "other", "team": "t\(number % 3)"],
                        region: region, arn: "arn:\(number):\(region):\(type)")
                }
                try await fixture.read(assets, Scope(region: region, type: type))
            }
        }
        return fixture
    }

    private func all(_ fixture: StoreFixture, _ filter: AssetFilter, page: Int) async throws -> [StoredAsset] {
        let account = try await fixture.engine.account().key
        var all: [StoredAsset] = []
        while true {
            let after = all.last.map { AssetCursor(type: $0.scope.type, arn: $0.arn, key: $0.key) }
            let next = try await fixture.store.assets(account: account, filter, after: after, limit: page)
            all += next
            if next.count < page { return all }
        }
    }

    static let filters: [AssetFilter] = [
        AssetFilter(), AssetFilter(region: "us-east-1"), AssetFilter(type: "aws_b"),
        AssetFilter(region: "eu-central-1", type: "aws_c"), AssetFilter(tagKey: "team"),
        AssetFilter(tagKey: "team", tagValue: "t1"), AssetFilter(region: "us-east-1", tagKey: "team", tagValue: "t2"),
        AssetFilter(tagKey: "Name"), AssetFilter(tagKey: "Name", tagValue: "n4"),
        AssetFilter(tagKey: "Name", tagValue: "other"), AssetFilter(name: "n3"),
        AssetFilter(type: "aws_a", tagKey: "team", tagValue: "t0", name: "n3"), AssetFilter(text: "EAST-1:aws_A"),
        AssetFilter(region: "eu-central-1", text: "T2"), AssetFilter(tagKey: "nothing"), AssetFilter(region: "mars-1"),
    ]

    @Test(arguments: filters)
    func `pages of any size hold what matches, in order, once each`(filter: AssetFilter) async throws {
        let fixture = try await filled()
        let expected = try await all(fixture, AssetFilter(), page: 1000).filter { asset in
            (filter.region.isEmpty || asset.region == filter.region)
                && (filter.type.isEmpty || asset.scope.type == filter.type)
                && (filter.name.isEmpty || asset.name == filter.name)
                && (filter.tagKey.isEmpty
                    || TagIndex.pairs(asset.tags, name: "\u{0}").contains {
                        $0.key == filter.tagKey && (filter.tagValue ?? $0.value) == $0.value
                    })
                && (filter.text.isEmpty
                    || [asset.arn, asset.id, asset.name, asset.tags].contains {
                        $0.lowercased().contains(filter.text.lowercased())
                    })
        }
        #expect(
            expected.map { [$0.scope.type, $0.arn] }
                == expected.map { [$0.scope.type, $0.arn] }.sorted { $0.lexicographicallyPrecedes($1) })
        let account = try await fixture.engine.account().key
        #expect(try await fixture.store.count(account: account, filter) == expected.count)
        for page in [1, 7, 1000] where page > 1 || expected.count < 50 {
            #expect(try await all(fixture, filter, page: page) == expected, "\(filter), \(page) a page")
        }
    }

    @Test func `no filter but a text looks at the assets one by one`() async throws {
        let fixture = try await filled()
        let account = try await fixture.engine.account().key
        for (filter, path, index) in [
            (AssetFilter(), AssetListing.Path.places, "asset_place (place=?)"),
            (AssetFilter(region: "us-east-1"), .places, "asset_place (place=?)"),
            (AssetFilter(type: "aws_b"), .places, "asset_place (place=?)"),
            (AssetFilter(name: "n3"), .name, "asset_name (place=? AND name=?)"),
            (AssetFilter(tagKey: "team"), .tag, "sqlite_autoindex_tag_1 (account=? AND key=?)"),
            (
                AssetFilter(tagKey: "team", tagValue: "t1"), .tag,
                "sqlite_autoindex_tag_1 (account=? AND key=? AND value=?)"
            ), (AssetFilter(tagKey: "Name", tagValue: "n4"), .tag, "asset_name (place=? AND name=?)"),
        ] {
            let (listing, key) = try await fixture.store.reader.read { connection throws(StorageError) in
                (try AssetListing(account: account, filter, connection), account)
            }
            #expect(listing.path == path)
            let sql = path == .places ? listing.placeSQL(hasCursor: false) : "SELECT asset.k " + listing.chosenSQL
            let plan = try await fixture.plan(sql, path == .places ? [.integer(key)] : listing.values)
            #expect(plan.contains { $0.contains(index) }, "\(filter): \(plan)")
            #expect(!plan.contains { $0.hasPrefix("SCAN asset") || $0.hasPrefix("SCAN tag") }, "\(filter): \(plan)")
            #expect(path != .places || !plan.contains { $0.contains("TEMP B-TREE") }, "\(filter): \(plan)")
        }
        let arn = try await fixture.plan(
            """
            SELECT asset.k FROM place AS at CROSS JOIN asset ON asset.place = at.k AND asset.arn = ?1
            WHERE at.account = ?2
            """, [.text("arn:1"), .integer(account)])
        #expect(arn.contains { $0.contains("asset_place (place=? AND arn=?)") }, "\(arn)")
    }

    @Test func `counting ends at its limit, and a tag that more assets have is found in order`() async throws {
        let fixture = try await StoreFixture()
        let many = SyncStore.countLimit + 200
        try await fixture.read((0..<many).map { Fixture.asset("vpc-\($0)", tags: ["env": "prod"]) })
        let account = try await fixture.engine.account().key
        let filter = AssetFilter(tagKey: "env", tagValue: "prod")
        for filter in [filter, AssetFilter(), AssetFilter(text: "vpc")] {
            #expect(try await fixture.store.count(account: account, filter) == SyncStore.countLimit + 1)
        }
        let path = try await fixture.store.reader.read { connection throws(StorageError) in
            try AssetListing(account: account, filter, connection).path
        }
        #expect(path == .places)
        let page = try await fixture.store.assets(account: account, filter, after: nil, limit: 3)
        #expect(page.map(\.arn) == ["arn:vpc-0", "arn:vpc-1", "arn:vpc-10"])
    }

    @Test func `tags are found as they are now, and not once their asset is gone`() async throws {
        let fixture = try await StoreFixture()
        let account = try await fixture.engine.account().key
        func found(_ key: String, _ value: String) async throws -> [String] {
            try await fixture.store.assets(
                account: account, AssetFilter(tagKey: key, tagValue: value), after: nil, limit: 9
            ).map(\.id)
        }
        try await fixture.read([Fixture.asset("a", tags: ["env": "dev", "Name": "a"]), Fixture.asset("b")])
        try await fixture.read([Fixture.asset("a", name: "a", tags: ["env": "prod", "Name": "a"]), Fixture.asset("b")])
        #expect(try await found("env", "dev") == [])
        #expect(try await found("env", "prod") == ["a"])
        #expect(try await found("Name", "a") == ["a"])
        try await fixture.read([Fixture.asset("b")])
        #expect(try await found("env", "prod") == [])
        #expect(try await fixture.number("SELECT count(*) FROM asset_tag") == 0)
        #expect(try await fixture.number("SELECT count(*) FROM tag") > 0)
        try await fixture.store.tidy(Retention())
        #expect(try await fixture.number("SELECT count(*) FROM tag") == 0)
    }

    @Test func `an asset that is called or placed otherwise is found by what it is now`() async throws {
        let fixture = try await StoreFixture()
        let account = try await fixture.engine.account().key
        let scope = Scope(region: "global", type: "aws_s3_bucket")
        func found(_ filter: AssetFilter) async throws -> [String] {
            try await fixture.store.assets(account: account, filter, after: nil, limit: 9).map(\.arn)
        }
        try await fixture.read([Fixture.asset("a", name: "old", region: "us-east-1", arn: "arn:old")], scope)
        try await fixture.read([Fixture.asset("a", name: "new", region: "eu-west-1", arn: "arn:new")], scope)
        #expect(try await found(AssetFilter(region: "us-east-1")) == [])
        #expect(try await found(AssetFilter(region: "eu-west-1")) == ["arn:new"])
        #expect(try await found(AssetFilter(name: "old")) == [])
        #expect(try await found(AssetFilter(name: "new")) == ["arn:new"])
        #expect(try await fixture.store.assets(arn: "arn:new", account: nil, type: "").count == 1)
        #expect(try await fixture.store.assets(arn: "arn:old", account: nil, type: "").isEmpty)
    }
}
