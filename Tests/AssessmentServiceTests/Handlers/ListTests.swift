import API
import RPC
import Testing

@testable import AssessmentService

struct ListTests {
    /// Two accounts, three buckets each: a passes, b fails, c is unknown; both controls the same.
    private func service() async throws -> ServiceHarness {
        let service = try await ServiceHarness()
        service.sync.put(
            "aws_bucket", "a",
            configuration: #"{"GetVersioning":{"versioning":"Enabled"},"GetStatus":{"public":false}}"#)
        service.sync.put("aws_bucket", "b", configuration: #"{"GetVersioning":{},"GetStatus":{"public":true}}"#)
        service.sync.put("aws_bucket", "c", gaps: ["GetVersioning", "GetStatus"])
        try await service.assess("s1")
        try await service.assess("o1", account: "other")
        return service
    }

    @Test(arguments: [1, 2, 3, 5, 12, 50] as [Int32])
    func `pages of findings join to the whole list, whatever their size`(size: Int32) async throws {
        let service = try await service()
        var request = ListFindingsRequest()
        request.pageSize = size
        var seen: [String] = []
        repeat {
            let page = try await service.handlers.listFindings(request, CallContext())
            #expect(page.total == 12)
            #expect(page.findings.count <= Int(size))
            seen += page.findings.map { "\($0.accountId) \($0.controlId) \($0.arn)" }
            request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        #expect(seen.count == 12)
        #expect(seen == seen.sorted())
        #expect(Set(seen).count == 12)
        await service.end()
    }

    @Test func `findings are filtered by everything that the request names`() async throws {
        let service = try await service()
        #expect(try await service.findings { $0.accountId = "acc" }.count == 6)
        #expect(try await service.findings { $0.accountId = "name-acc" }.count == 6)
        #expect(try await service.findings { $0.status = .fail }.map(\.arn) == ["b", "b", "b", "b"])
        #expect(try await service.findings { $0.severity = .critical }.allSatisfy { $0.controlId == "bucket_private" })
        #expect(try await service.findings { $0.controlId = "bucket_private" }.count == 6)
        #expect(try await service.findings { $0.region = "global" }.count == 12)
        #expect(try await service.findings { $0.region = "r1" }.isEmpty)
        #expect(try await service.findings { $0.resourceType = "aws_group" }.isEmpty)
        #expect(try await service.findings { ($0.accountId, $0.arn, $0.status) = ("acc", "c", .unknown) }.count == 2)
        let error = await #expect(throws: RPCError.self) { try await service.findings { $0.accountId = "nobody" } }
        #expect(error?.code == .notFound)
        await service.end()
    }

    @Test func `alerts come the most severe first, in pages`() async throws {
        let service = try await service()
        var request = ListAlertsRequest()
        request.pageSize = 1
        var seen: [String] = []
        repeat {
            let page = try await service.handlers.listAlerts(request, CallContext())
            #expect(page.total == 4)
            seen += page.alerts.map { "\($0.severity) \($0.accountId)" }
            request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        #expect(seen.map { $0.prefix(4) } == ["crit", "crit", "high", "high"])
        #expect(try await service.alerts { ($0.accountId, $0.severity) = ("acc", .high) }.map(\.arn) == ["b"])
        #expect(try await service.alerts { $0.state = .resolved }.isEmpty)
        await service.end()
    }

    @Test func `a token of another list or filter is refused`() async throws {
        let service = try await service()
        var request = ListFindingsRequest()
        request.pageSize = 1
        request.pageToken = try await service.handlers.listFindings(request, CallContext()).nextPageToken
        request.status = .fail
        let error = await #expect(throws: RPCError.self) {
            try await service.handlers.listFindings(request, CallContext())
        }
        #expect(error?.code == .invalidArgument)
        await service.end()
    }

    @Test func `controls are listed by id without their SQL, and shown with it`() async throws {
        let service = try await ServiceHarness()
        var request = ListControlsRequest()
        request.pageSize = 1
        let page = try await service.handlers.listControls(request, CallContext())
        #expect(page.controls.map(\.id) == ["bucket_private"])
        #expect(page.controls[0].sql.isEmpty)
        request.pageToken = page.nextPageToken
        #expect(
            try await service.handlers.listControls(request, CallContext()).controls.map(\.id) == ["bucket_versioning"])
        for (framework, count) in [("cis", 1), ("cis:1", 1), ("fsbp:S3", 0), ("fsb", 0)] {
            var filter = ListControlsRequest()
            filter.framework = framework
            #expect(try await service.handlers.listControls(filter, CallContext()).controls.count == count)
        }
        var get = GetControlRequest()
        get.controlId = "bucket_versioning"
        let control = try await service.handlers.getControl(get, CallContext()).control
        #expect(control?.sql == ServiceHarness.versioning.sql)
        #expect(control?.tables == ["aws_bucket"])
        await service.end()
    }
}
