import JSON
import Platform
import TestSupport
import Testing

@testable import SyncService

/// Retries are held against botocore's standard mode, as the pinned release has it.
@Suite struct RetryOracleTests {
    @Test func `codes, statuses, quota and pauses are botocore's`() async throws {
        let run = try await ChildProcess.run(
            [Emulator.python, Fixtures.path("botocore_retries.py")], timeout: .seconds(60))
        try #require(run.status.isSuccess, "\(String(decoding: run.error.suffix(1000), as: UTF8.self))")
        let theirs = try JSONValue(parsing: run.output)
        func codes(_ name: String) -> Set<String> { Set((theirs[name]?.array ?? []).compactMap(\.string)) }
        func statuses(_ name: String) -> Set<Int64> { Set((theirs[name]?.array ?? []).compactMap(\.int64)) }
        #expect(codes("throttlingCodes") == ErrorReader.throttlingCodes)
        #expect(codes("throttlingCodes").count > 10)
        #expect(statuses("throttlingStatuses") == [429])
        let transient = codes("transientCodes").subtracting(ErrorReader.throttlingCodes)
        #expect(transient.isSubset(of: AWSError.transientCodes), "\(transient)")
        #expect(statuses("transientStatuses") == Set(AWSError.transientStatuses.map { Int64($0) }))
        #expect(theirs["capacity"]?.int64 == Int64(RetryQuota.capacity))
        #expect(theirs["usualCost"]?.int64 == Int64(RetryQuota.usualCost))
        #expect(theirs["throttlingCost"]?.int64 == Int64(RetryQuota.throttlingCost))
        let limits = AWSLimits()
        #expect(theirs["attempts"]?.int64 == Int64(limits.attempts))
        #expect(theirs["backoffCap"]?.int64 == limits.backoffCap.components.seconds)
        #expect(theirs["throttledBase"]?.int64 == CallSender.throttledBase.components.seconds)
    }
}
