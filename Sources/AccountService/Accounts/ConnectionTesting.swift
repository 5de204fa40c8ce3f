import ServiceKit

/// What the tests of a connection do to its account.
extension ManagedAccount {
    /// Which connection a test is about to try.
    struct Trial: Equatable, Sendable {
        let account: AccountID
        let revision: Int64
        /// See ``ManagedAccount/connectionEdits``.
        let edits: Int64
    }

    /// The connection to test: the candidate while there is one.
    func trial() throws(AccountError) -> Trial {
        try lifecycle.require(.test, name: name)
        guard connection.role != nil else {
            throw .refused(
                "account '\(name)' has no role yet: create it from the template, then give its role_arn", .roleMissing)
        }
        return Trial(account: id, revision: revisionToTest, edits: connectionEdits)
    }

    /// Keeps a test's result. A candidate that passed is the connection in use from now on.
    ///
    /// - Returns: What is owed to the other services, and whether a candidate was promoted.
    mutating func record(_ report: TestReport, of trial: Trial) throws(AccountError) -> [Lifecycle.Duty] {
        try lifecycle.require(.test, name: name)
        guard trial.edits == connectionEdits else {
            throw .changedMeanwhile("the connection of account '\(name)' was changed during its test: test it again")
        }
        if let candidate, candidate.revision == trial.revision {
            guard report.passed else { return [] }
            connection = RoleConnection(
                revision: candidate.revision, role: candidate.role, externalID: candidate.externalID)
            self.candidate = nil
            lastTest = report
            connectionEdits += 1
            configurationRevision += 1
            return state == .enabled ? [.startSync] : []
        }
        lastTest = report
        return []
    }

    /// The connection that a lease gives out.
    ///
    /// - Parameters:
    ///   - revision: 0: the one in use.
    ///   - probe: For a probe and not for a run: a draft and a candidate may be probed, never collected.
    func lease(revision: Int64, probe: Bool) throws(AccountError) -> RoleConnection {
        try lifecycle.require(probe ? .test : .sync, name: name)
        guard connection.role != nil else { throw .refused("account '\(name)' has no role yet", .roleMissing) }
        if revision == 0 || revision == connection.revision { return connection }
        guard let candidate, candidate.revision == revision else {
            throw .refused(
                "account '\(name)' has no connection of revision \(revision): revision \(connection.revision) is in use",
                .revisionNotInUse
            )
        }
        guard probe else {
            throw .refused(
                "revision \(revision) of account '\(name)' has not passed its test: test the connection first",
                .revisionNotInUse)
        }
        return RoleConnection(revision: revision, role: candidate.role, externalID: candidate.externalID)
    }
}
