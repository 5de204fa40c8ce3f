import API
import Crypto
import RPC
import ServiceKit
import Storage
import Wire

/// Tries whether an account's role can be assumed as it should, and only so.
struct Prober: Sendable {
    /// How long a refusal is retried: AWS refuses a role that was made seconds ago.
    static let patience = Duration.seconds(60)
    private static let waits = [2, 3, 5, 8, 10].map { Duration.seconds($0) }

    let aws: any AWSAccess
    let connections: any ConnectionSource
    let sleep: Sleep
    /// Milliseconds since 1970.
    let now: @Sendable () -> Int64

    typealias Progress = @Sendable (String) async throws(RPCError) -> Void

    /// Makes the checks. AWS is not asked anything for an account that is not enabled.
    ///
    /// - Throws: What the account service refuses with: NOT_FOUND, FAILED_PRECONDITION.
    func probe(_ request: ProbeRequest, progress: Progress) async throws(RPCError) -> ProbeResult {
        let granted = try await connections.connection(account: request.accountId, revision: request.revision, run: "")
        let probe = OneProbe(
            prober: self, request: request, granted: granted, redactor: Redactor(externalID: granted.externalId),
            role: RoleConnection(
                roleARN: granted.roleArn, externalID: granted.externalId,
                sessionName: "parapet-probe-" + RandomBytes.generate(6).hexText))
        return try await probe.run(progress)
    }

    /// The wait before trying again, or nil when the time is over.
    static func wait(attempt: Int, waited: Duration) -> Duration? {
        guard waited < patience else { return nil }
        return min(waits[min(attempt, waits.count - 1)], patience - waited)
    }
}

/// One probe of one connection.
private struct OneProbe: Sendable {
    let prober: Prober
    let request: ProbeRequest
    let granted: GetConnectionResponse
    let redactor: Redactor
    let role: RoleConnection

    func run(_ progress: Prober.Progress) async throws(RPCError) -> ProbeResult {
        var result = ProbeResult()
        result.revision = granted.revision
        do throws(ReadFailure) { result.principalArn = try await prober.aws.principal() } catch {}
        try await progress("assuming \(role.roleARN)")
        switch try await assume(progress) {
        case .failure(let failure):
            result.checks.append(check("assume_role", .failed, advice(on: failure)))
        case .success(let session):
            result.checks.append(check("assume_role", .passed, "the role can be assumed with the external ID"))
            try await examine(session, &result, progress)
        }
        result.time = Timestamp(unixMilliseconds: prober.now())
        return result
    }

    /// Assumes the role; a refusal is retried for a while, because a new role is not known everywhere at once.
    private func assume(
        _ progress: Prober.Progress
    ) async throws(RPCError) -> Result<any AccountSession, ReadFailure> {
        var waited = Duration.zero
        var attempt = 0
        while true {
            let failure: ReadFailure
            do throws(ReadFailure) {
                return .success(try await prober.aws.assume(role, externalID: role.externalID))
            } catch { failure = error }
            if failure.kind == .cancelled { throw RPCError(.cancelled, "the call was cancelled") }
            guard failure.kind == .denied, !request.quick, let wait = Prober.wait(attempt: attempt, waited: waited)
            else {
                return .failure(failure)
            }
            try await progress(
                "AWS refuses the role (\(redactor.mask(failure.code))). A new role takes up to a minute to be known "
                    + "everywhere; trying again in \(wait.components.seconds) s")
            do throws(CancellationError) { try await prober.sleep(wait) } catch {
                throw RPCError(.cancelled, "the call was cancelled")
            }
            waited += wait
            attempt += 1
            try await stillEnabled()
        }
    }

    /// Before each further AssumeRole: the account may have been disabled meanwhile.
    private func stillEnabled() async throws(RPCError) {
        _ = try await prober.connections.connection(account: request.accountId, revision: request.revision, run: "")
    }

    private func examine(
        _ session: any AccountSession, _ result: inout ProbeResult, _ progress: Prober.Progress
    ) async throws(RPCError) {
        try await progress("asking whose account it is")
        result.checks.append(await accountCheck(session, &result))
        if !request.quick {
            try await progress("checking that the external ID is needed")
            try await stillEnabled()
            result.checks.append(await negative("external_id_omitted", externalID: nil))
            try await stillEnabled()
            let wrong = "parapet-wrong-" + RandomBytes.generate(16).hexText
            result.checks.append(await negative("external_id_wrong", externalID: wrong))
        }
        if request.regions {
            try await progress("listing the regions")
            do throws(ReadFailure) {
                result.regions = try await session.regions().map { region in
                    var status = RegionStatus()
                    status.name = region.name
                    status.optInStatus = region.status
                    return status
                }.sorted { $0.name < $1.name }
            } catch { result.regionsError = redactor.mask("\(error.code): \(error.message)") }
        }
    }

    private func accountCheck(_ session: any AccountSession, _ result: inout ProbeResult) async -> ProbeCheck {
        let parts = role.roleARN.split(separator: ":", omittingEmptySubsequences: false)
        let expected = parts.count > 4 ? String(parts[4]) : ""
        do throws(ReadFailure) {
            let account = try await session.accountID()
            result.awsAccountId = account
            guard account == expected else {
                return check(
                    "account_id", .failed, "the role's ARN names account \(expected), its session is in \(account)")
            }
            return check("account_id", .passed, "the role is in account \(account)")
        } catch {
            return check("account_id", .unknown, redactor.mask("AWS did not say: \(error.code): \(error.message)"))
        }
    }

    /// Tries what has to be refused.
    private func negative(_ name: String, externalID: String?) async -> ProbeCheck {
        do throws(ReadFailure) {
            _ = try await prober.aws.assume(role, externalID: externalID)
        } catch {
            if error.kind == .denied { return check(name, .passed, "AWS refuses the role then, as it should") }
            return check(name, .unknown, redactor.mask("AWS did not say: \(error.code): \(error.message)"))
        }
        let how = externalID == nil ? "without an external ID" : "with any external ID"
        return check(
            name, .warning,
            "the role can be assumed \(how). The external ID is what keeps others who use the same principal from "
                + "reading this account through it (the confused deputy). Add the condition StringEquals on "
                + "sts:ExternalId, as in the role's template, to each statement of the role's trust policy that allows "
                + "sts:AssumeRole")
    }

    private func advice(on failure: ReadFailure) -> String {
        let words = redactor.mask("\(failure.code): \(failure.message)")
        guard failure.kind == .denied else { return "the role could not be assumed: \(words)" }
        return "AWS refuses the role: \(words). Check that the role exists, that its trust policy names this service's "
            + "principal, that the policy's external ID is the account's, and that the principal itself may call "
            + "sts:AssumeRole on it"
    }

    private func check(_ name: String, _ outcome: ProbeOutcome, _ message: String) -> ProbeCheck {
        var check = ProbeCheck()
        check.name = name
        check.outcome = outcome
        check.message = message
        return check
    }
}
