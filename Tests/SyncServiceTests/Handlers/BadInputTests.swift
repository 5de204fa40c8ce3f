import API
import RPC
import Testing
import Wire

@testable import SyncService

/// Every RPC with requests that it has to refuse, and the words that the refusal must hold.
@Suite struct BadInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var code: StatusCode
        var words: [String]
        var call: @Sendable (SyncHandlers, CallContext) async throws(RPCError) -> Void
        var testDescription: String { name }

        init(
            _ name: String, _ code: StatusCode, _ words: [String],
            _ call: @escaping @Sendable (SyncHandlers, CallContext) async throws(RPCError) -> Void
        ) {
            (self.name, self.code, self.words, self.call) = (name, code, words, call)
        }
    }

    static let long = String(repeating: "x", count: 3000)

    static let runs: [Case] = [
        Case("StartSync without an account", .invalidArgument, ["account_id"]) { handlers, call throws(RPCError) in
            _ = try await handlers.startSync(StartSyncRequest(), call)
        },
        Case("StartSync of an unknown account", .notFound, ["nobody"]) { handlers, call throws(RPCError) in
            _ = try await handlers.startSync(.with { $0.accountId = "nobody" }, call)
        },
        Case("StartSync with a long key", .invalidArgument, ["idempotency_key"]) { handlers, call throws(RPCError) in
            _ = try await handlers.startSync(
                .with {
                    $0.accountId = "acct-1"
                    $0.idempotencyKey = String(repeating: "k", count: 129)
                }, call)
        },
        Case("StartSync by a person with a reason", .invalidArgument, ["trigger"]) { handlers, call throws(RPCError) in
            _ = try await handlers.startSync(
                .with {
                    $0.accountId = "acct-1"
                    $0.trigger = .schedule
                }, call)
        },
        Case("GetSync without an id", .invalidArgument, ["sync_id"]) { handlers, call throws(RPCError) in
            _ = try await handlers.getSync(GetSyncRequest(), call)
        },
        Case("GetSync of no run", .notFound, ["sync-none"]) { handlers, call throws(RPCError) in
            _ = try await handlers.getSync(.with { $0.syncId = "sync-none" }, call)
        },
        Case("ListSyncs with a large page", .invalidArgument, ["page_size", "500"]) { handlers, call throws(RPCError) in
            _ = try await handlers.listSyncs(.with { $0.pageSize = 501 }, call)
        },
        Case("ListSyncs with a negative page", .invalidArgument, ["page_size"]) { handlers, call throws(RPCError) in
            _ = try await handlers.listSyncs(.with { $0.pageSize = -1 }, call)
        },
        Case("ListSyncs with a token of nowhere", .invalidArgument, ["page_token"]) { handlers, call throws(RPCError) in
            _ = try await handlers.listSyncs(.with { $0.pageToken = "AAAA" }, call)
        },
        Case("ListSyncs of an unknown account", .notFound, ["nobody"]) { handlers, call throws(RPCError) in
            _ = try await handlers.listSyncs(.with { $0.accountId = "nobody" }, call)
        },
        Case("WatchSync of no run", .notFound, ["sync-none"]) { handlers, call throws(RPCError) in
            try await handlers.watchSync(
                .with { $0.syncId = "sync-none" }, ResponseStream(collectingInto: CollectedResponses()), call)
        },
        Case("CancelSync of nothing", .invalidArgument, ["sync_id", "account_id"]) { handlers, call throws(RPCError) in
            _ = try await handlers.cancelSync(CancelSyncRequest(), call)
        },
        Case("CancelSync of no run", .notFound, ["sync-none"]) { handlers, call throws(RPCError) in
            _ = try await handlers.cancelSync(.with { $0.syncId = "sync-none" }, call)
        },
        Case("Probe without an account", .invalidArgument, ["account_id"]) { handlers, call throws(RPCError) in
            try await handlers.probe(
                ProbeRequest(), ResponseStream(collectingInto: CollectedResponses()), call)
        },
        Case("Probe of a negative revision", .invalidArgument, ["revision"]) { handlers, call throws(RPCError) in
            try await handlers.probe(
                .with {
                    $0.accountId = "acct-1"
                    $0.revision = -1
                }, ResponseStream(collectingInto: CollectedResponses()), call)
        },
        Case("PurgeAccount without an account", .invalidArgument, ["account_id"]) { handlers, call throws(RPCError) in
            _ = try await handlers.purgeAccount(SyncPurgeAccountRequest(), call)
        },
    ]

    static let assets: [Case] = [
        Case("ListAssets without an account", .invalidArgument, ["account_id"]) { handlers, call throws(RPCError) in
            _ = try await handlers.listAssets(ListAssetsRequest(), call)
        },
        Case("ListAssets of a long reference", .invalidArgument, ["account_id", "128"]) {
            handlers, call throws(RPCError) in
            _ = try await handlers.listAssets(.with { $0.accountId = long }, call)
        },
        Case("ListAssets of a tag without a key", .invalidArgument, ["tag"]) { handlers, call throws(RPCError) in
            _ = try await handlers.listAssets(
                .with {
                    $0.accountId = "acct-1"
                    $0.tag = "=value"
                }, call)
        },
        Case("ListAssets of a long text", .invalidArgument, ["text"]) { handlers, call throws(RPCError) in
            _ = try await handlers.listAssets(
                .with {
                    $0.accountId = "acct-1"
                    $0.text = long
                }, call)
        },
        Case("GetAsset without an ARN", .invalidArgument, ["arn"]) { handlers, call throws(RPCError) in
            _ = try await handlers.getAsset(GetAssetRequest(), call)
        },
        Case("GetAsset of none", .notFound, ["arn:none"]) { handlers, call throws(RPCError) in
            _ = try await handlers.getAsset(.with { $0.arn = "arn:none" }, call)
        },
        Case("StreamAssets of a negative number", .invalidArgument, ["after_change"]) {
            handlers, call throws(RPCError) in
            try await handlers.streamAssets(
                .with {
                    $0.accountId = "acct-1"
                    $0.afterChange = -1
                }, ResponseStream(collectingInto: CollectedResponses()), call)
        },
        Case("StreamAssets without an epoch", .invalidArgument, ["epoch"]) { handlers, call throws(RPCError) in
            try await handlers.streamAssets(
                .with {
                    $0.accountId = "acct-1"
                    $0.afterChange = 1
                }, ResponseStream(collectingInto: CollectedResponses()), call)
        },
        Case("GetCoverage without an account", .invalidArgument, ["account_id"]) { handlers, call throws(RPCError) in
            _ = try await handlers.getCoverage(GetCoverageRequest(), call)
        },
        Case("GetCoverage of an unknown account", .notFound, ["nobody"]) { handlers, call throws(RPCError) in
            _ = try await handlers.getCoverage(.with { $0.accountId = "nobody" }, call)
        },
    ]

    @Test(arguments: runs + assets)
    func `a request that breaks a rule is refused with the field or the id`(example: Case) async throws {
        let fixture = try await HandlerFixture()
        do throws(RPCError) {
            try await example.call(fixture.handlers, fixture.call())
            Issue.record("not refused")
        } catch {
            #expect(error.code == example.code, "\(error)")
            for word in example.words { #expect(error.message.contains(word), "\(error.message)") }
        }
    }
}
