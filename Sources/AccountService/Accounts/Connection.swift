import Platform

/// How an account's role is assumed: one revision of role and external ID, the latter sealed.
struct RoleConnection: Equatable, Sendable {
    var revision: Int64
    /// Nil in a draft whose role is not known yet.
    var role: RoleARN?
    var externalID: SealedSecret
}

/// A changed connection that has not passed its test yet.
struct CandidateConnection: Equatable, Sendable {
    var revision: Int64
    var role: RoleARN
    var externalID: SealedSecret
    /// Whether the external ID differs from the one in use.
    var externalIDChanged: Bool
}

/// What a test of a connection found.
struct TestReport: Equatable, Sendable {
    enum Outcome: String, Sendable { case passed, warning, failed, unknown }
    struct Check: Equatable, Sendable {
        var name: String
        var outcome: Outcome
        var message: String
    }

    /// In the order in which they were made.
    var checks: [Check]
    /// 12 digits, or empty when the role could not be assumed.
    var awsAccountID: String
    /// The identity that assumed the role.
    var principal: String
    var time: WallTime
    var revision: Int64

    /// No check failed, and the role was assumed at all: an empty report proves nothing.
    var passed: Bool { !awsAccountID.isEmpty && firstFailure == nil }

    var firstFailure: Check? { checks.first { $0.outcome == .failed } }

    /// Whether it may stand in for a new test.
    func isFresh(at now: WallTime, revision: Int64) -> Bool {
        let age = now.unixSeconds - time.unixSeconds
        return passed && self.revision == revision && (0...Self.freshSeconds).contains(age)
    }

    private static let freshSeconds: Int64 = 15 * 60
}
