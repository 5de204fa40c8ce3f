import JSON
import Testing

@testable import SyncService

@Suite struct PageTests {
    private static func page(_ ids: [String], token: String?) -> String {
        let keys = ids.map { "{\"KeyId\":\"\($0)\"}" }.joined(separator: ",")
        let next = token.map { ",\"Truncated\":true,\"NextMarker\":\"\($0)\"" } ?? ",\"Truncated\":false"
        return "{\"Keys\":[\(keys)]\(next)}"
    }

    private static func marker(_ request: StandInServer.Request) -> String? {
        (try? JSONValue(parsing: request.body))?["Marker"]?.string
    }

    @Test func `a listing follows its tokens to the end`() async throws {
        try await withStandIn { request, _ in
            switch Self.marker(request) {
            case nil: .reply(200, Self.page(["a", "b"], token: "1"), type: "json")
            case "1": .reply(200, Self.page([], token: "2"), type: "json")
            default: .reply(200, Self.page(["c"], token: nil), type: "json")
            }
        } _: { server, harness in
            let found = try await harness.list("kms", "ListKeys", "Keys[]")
            #expect(found.map { $0["KeyId"] } == ["a", "b", "c"])
            let joined = try await harness.call("kms", "ListKeys")
            #expect(joined == ["Keys": [["KeyId": "a"], ["KeyId": "b"], ["KeyId": "c"]]])
        }
    }

    @Test func `a token that comes twice ends the listing with an error`() async throws {
        try await withStandIn { _, _ in
            .reply(200, Self.page(["a"], token: "same"), type: "json")
        } _: { server, harness in
            let error = await failure { () throws(AWSError) in _ = try await harness.call("kms", "ListKeys") }
            #expect(error?.message.contains("token of an earlier page") == true)
            #expect(server.requests.count == 2)
        }
    }

    @Test func `pages without end and without items end with an error`() async throws {
        var limits = AWSLimits()
        limits.emptyPages = 5
        try await withStandIn(limits: limits) { _, number in
            .reply(200, Self.page([], token: "\(number)"), type: "json")
        } _: { server, harness in
            await #expect(throws: AWSError.self) { _ = try await harness.list("kms", "ListKeys", "Keys[]") }
            #expect(server.requests.count == 5)
        }
    }

    @Test func `more without a token is an error`() async throws {
        let body = "{\"Keys\":[],\"Truncated\":true}"
        try await withStandIn { _, _ in
            .reply(200, body, type: "json")
        } _: { _, harness in
            let error = await failure { () throws(AWSError) in _ = try await harness.call("kms", "ListKeys") }
            #expect(error?.code == "Parapet.MalformedResponse")
        }
    }

    @Test func `items are handed on only when their page was read whole`() async throws {
        let cut = "<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-1</vpcId></item><item><vpcId>vp"
        try await withStandIn { _, _ in
            .reply(200, cut)
        } _: { _, harness in
            let found = Collected()
            let plan = try #require(ItemsPlan("Vpcs[]"))
            let error = await failure { () throws(AWSError) in
                _ = try await harness.client.listPages(
                    service: "ec2", operation: "DescribeVpcs", region: "eu-central-1", items: plan,
                    credentials: ClientHarness.credentials, account: "1"
                ) { (page: AWSPage) async throws(AWSError) in found.add(page.items) }
            }
            #expect(error?.code == "Parapet.MalformedResponse")
            #expect(found.all.isEmpty)
        }
    }
}
