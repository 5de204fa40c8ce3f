import Testing

@testable import SyncService

/// The calls that a run begins with, by the real client: the role, and the account's regions. Each fails in each way, at
/// the run's start and, where it is made again, in its middle.
@Suite struct RoleFaultTests {
    private static let lasting = WireFault.allCases.filter { !$0.isOutlived && !$0.isEndless }
    private static let outlived = WireFault.allCases.filter { $0.isOutlived }

    /// A run over two types in two regions, after one that found all that there is.
    private struct Trial {
        let account: WireAccount
        let engine: EngineFixture
        let before: Set<String>

        init() async throws {
            let catalogue = try Catalogue.load(share: Fixtures.share)
            let clock = ManualWallClock()
            let account = try WireAccount(catalogue, clock: clock)
            let planned = catalogue.types.filter { ["aws_vpc", "aws_kms_key"].contains($0.type) }
            engine = try await EngineFixture(["eu-central-1", "us-east-1"]) { context in
                context = EngineContext(
                    store: context.store, aws: account, connections: context.connections,
                    types: planned.map { PlannedType($0) })
            }
            self.account = account
            #expect(try await engine.sync().state == .succeeded)
            before = Set(try await engine.assets().map { "\($0.scope) \($0.id)" })
            #expect(before.count == 8)
        }

        func assets() async throws -> Set<String> {
            Set(try await engine.assets().map { "\($0.scope) \($0.id)" })
        }

        func coverage() async throws -> [StoredCoverage] {
            try await engine.store.coverage(account: engine.account().key)
        }

        func stop() async throws {
            try await account.heal()
            #expect(try await engine.sync().state == .succeeded)
            #expect(try await assets() == before)
            #expect(try await coverage().allSatisfy { $0.state == .complete })
            await account.stop()
            await engine.store.close()
        }
    }

    private static func code(_ fault: WireFault, _ service: String, _ operation: String) throws -> Set<String> {
        let model = try Fixtures.shapes.model(service)
        return fault.codes(WireWriter(model: model, operation: try #require(model.operations[operation])))
    }

    private static func always(_ operation: String, _ fault: WireFault) -> WireAccount.Placed {
        WireAccount.Placed(fault: fault) { call, _ in call.operation == operation }
    }

    @Test func `a role that cannot be assumed leaves everything as it is, stale and named in coverage`() async throws {
        let trial = try await Trial()
        for fault in Self.lasting {
            try await trial.account.set([Self.always("AssumeRole", fault)])
            let run = try await trial.engine.sync()
            #expect(run.state == .failed, "\(fault)")
            let codes = try Self.code(fault, "sts", "AssumeRole")
            #expect(codes.contains { run.problem.hasPrefix($0 + ": ") }, "\(fault): \(run.problem)")
            #expect(run.problem.contains(fault.words), "\(fault): \(run.problem)")
            #expect(try await trial.assets() == trial.before, "\(fault)")
            let coverage = try await trial.coverage()
            #expect(coverage.count == 4, "\(fault)")
            for scope in coverage {
                #expect(codes.contains(scope.code) && scope.operation == "sts:AssumeRole", "\(fault): \(scope)")
            }
        }
        try await trial.stop()
    }

    @Test func `a role that cannot be assumed at first is tried again`() async throws {
        let trial = try await Trial()
        // Parapet's own keys do not expire here: who says so of them cannot be told otherwise.
        for fault in Self.outlived where fault != .expiredOnce {
            try await trial.account.set([Self.always("AssumeRole", fault)])
            #expect(try await trial.engine.sync().state == .succeeded, "\(fault)")
            #expect(trial.account.hits > 0, "\(fault)")
        }
        try await trial.stop()
    }

    @Test func `regions that cannot be read leave the chosen ones to be read, and the run says so`() async throws {
        let trial = try await Trial()
        for fault in Self.lasting {
            try await trial.account.set([Self.always("DescribeRegions", fault)])
            let run = try await trial.engine.sync()
            #expect(run.state == .partial, "\(fault)")
            let codes = try Self.code(fault, "ec2", "DescribeRegions")
            #expect(codes.contains { run.problem.contains($0) } && run.problem.contains(fault.words), "\(run.problem)")
            #expect(try await trial.assets() == trial.before, "\(fault)")
            #expect(try await trial.coverage().allSatisfy { $0.state == .complete }, "\(fault)")
        }
        for fault in Self.outlived {
            try await trial.account.set([Self.always("DescribeRegions", fault)])
            #expect(try await trial.engine.sync().state == .succeeded, "\(fault)")
        }
        try await trial.stop()
    }

    @Test func `an answer without a region is none`() async throws {
        let trial = try await Trial()
        trial.engine.connections.choose([])
        trial.account.tell(regions: [])
        let run = try await trial.engine.sync()
        #expect(run.state == .partial && run.problem.contains("regions"), "\(run.state) \(run.problem)")
        #expect(try await trial.coverage().allSatisfy { $0.state == .complete })
        #expect(try await trial.assets() == trial.before)
        trial.account.tell(regions: ["eu-central-1", "us-east-1"])
        try await trial.stop()
    }

    @Test func `a session that ends in a run and cannot be renewed leaves what it did not read as it was`() async throws
    {
        let trial = try await Trial()
        for fault in Self.lasting {
            // The session ends at each call of KMS: nobody knows when, and each time the role is asked for again.
            try await trial.account.set([
                WireAccount.Placed(fault: .expired) { call, _ in call.service == "kms" },
                WireAccount.Placed(fault: fault) { call, time in call.operation == "AssumeRole" && time > 0 },
            ])
            let run = try await trial.engine.sync()
            #expect(run.state == .partial || run.state == .failed, "\(fault)")
            #expect(try await trial.assets() == trial.before, "\(fault)")
            let codes = try Self.code(fault, "sts", "AssumeRole").union(["ExpiredToken"])
            let keys = try await trial.coverage().filter { $0.scope.type == "aws_kms_key" }
            #expect(keys.count == 2 && keys.allSatisfy { codes.contains($0.code) }, "\(fault): \(keys)")
        }
        try await trial.stop()
    }

    @Test func `an identity that AWS does not tell is an error in its words, never an identity`() async throws {
        let trial = try await Trial()
        for fault in Self.lasting {
            try await trial.account.set([Self.always("GetCallerIdentity", fault)])
            let codes = try Self.code(fault, "sts", "GetCallerIdentity")
            do throws(ReadFailure) {
                let principal = try await trial.account.principal()
                Issue.record("\(fault): \(principal)")
            } catch {
                #expect(codes.contains(error.code) && error.message.contains(fault.words), "\(fault): \(error)")
                #expect(error.operation == "sts:GetCallerIdentity")
            }
            let role = RoleConnection(
                roleARN: "arn:aws:iam::111122223333:role/ParapetReadOnly", externalID: "external", sessionName: "probe")
            do throws(ReadFailure) {
                let account = try await trial.account.assume(role, externalID: "external").accountID()
                Issue.record("\(fault): \(account)")
            } catch { #expect(codes.contains(error.code), "\(fault): \(error)") }
        }
        try await trial.stop()
    }
}
