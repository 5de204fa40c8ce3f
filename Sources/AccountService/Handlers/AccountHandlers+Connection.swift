import API
import Platform
import RPC
import ServiceKit
import Wire

extension AccountHandlers {
    func testConnection(
        _ request: TestConnectionRequest, _ stream: ResponseStream<TestConnectionResponse>, _ call: CallContext
    ) async throws(RPCError) {
        let actor = Actor(call, AccountMethods.testConnection.name)
        let result = try await answer { () async throws(AccountError) in
            let reference = try reference(request.accountId)
            let role = request.roleArn.isEmpty ? nil : try RoleARN(request.roleArn)
            let trial = try await begin(reference, role: role, by: actor)
            return try await run(trial, by: actor) { text throws(RPCError) in
                try await stream.send(.with { $0.progress = text })
            }.report
        }
        try await stream.send(.with { $0.result = ConnectionTest(result) })
    }

    func connectAccount(
        _ request: ConnectAccountRequest, _ call: CallContext
    ) async throws(RPCError) -> ConnectAccountResponse {
        let actor = Actor(call, AccountMethods.connectAccount.name)
        return try await answer { () async throws(AccountError) in
            let reference = try reference(request.accountId)
            let role = request.roleArn.isEmpty ? nil : try RoleARN(request.roleArn)
            let regions = try request.regions.map { selection throws(AccountError) in try choice(selection) }
            let account = try await prepare(reference, role: role, regions: regions, by: actor)
            let (trial, report) = try await passedTest(of: account, by: actor)
            let (connected, _) = try await store.change(account.id.description, by: actor) {
                account throws(AccountError) in
                guard trial.edits == account.connectionEdits else {
                    throw .changedMeanwhile("account '\(account.name)' was changed meanwhile: connect it again")
                }
                if let regions { account.regions = regions }
                let duties = try account.lifecycle.apply(.connect, name: account.name)
                return AccountStore.Decision(
                    value: (), duties: duties, detail: account.connection.role?.description ?? "")
            }
            return .with {
                $0.account = Account(connected)
                $0.test = ConnectionTest(report)
            }
        }
    }

    func getConnection(
        _ request: GetConnectionRequest, _ call: CallContext
    ) async throws(RPCError) -> GetConnectionResponse {
        try await answer { () async throws(AccountError) in
            let reference = try reference(request.accountId)
            let account = try await store.find(reference)
            guard account.id.description == reference else {
                throw .notFound("no account has the id \(Printable.quoted(reference))")
            }
            let connection: RoleConnection
            do throws(AccountError) {
                connection = try account.lease(revision: request.revision, probe: request.syncId.isEmpty)
            } catch {
                let actor = Actor(call, AccountMethods.getConnection.name)
                if case .refused(let text, _) = error {
                    try await store.record(actor.event(account.id, .refused, text))
                }
                throw error
            }
            let secret: ExternalID
            do {
                secret = try vault.open(connection.externalID, account: account.id, revision: connection.revision)
            } catch {
                throw .internalFault("account \(account.id): \(error)")
            }
            return .with {
                $0.accountId = account.id.description
                $0.accountName = account.name.description
                $0.roleArn = connection.role?.description ?? ""
                $0.externalId = secret.reveal()
                $0.regions = RegionSelection(account.regions)
                $0.revision = connection.revision
                $0.configurationRevision = account.configurationRevision
                $0.leaseSeconds = Self.leaseSeconds
                $0.schedule = SyncSchedule(account.schedule)
            }
        }
    }

    /// Renewed every 30 s by a run, so one lost renewal does not end it.
    static let leaseSeconds: Int32 = 60

    // MARK: The steps of a test

    /// Stores a new role, if one is given, and says what is to be tested.
    private func begin(
        _ reference: String, role: RoleARN?, by actor: Actor
    ) async throws(AccountError) -> ManagedAccount.Trial {
        try await store.change(reference, by: actor) { account throws(AccountError) in
            // What cannot be tested is refused before its role is changed.
            try account.lifecycle.require(.test, name: account.name)
            var duties: [Lifecycle.Duty] = []
            if let role {
                duties = try account.apply(AccountChange(role: role), vault: vault, directory: directory)
            }
            return AccountStore.Decision(
                value: try account.trial(), duties: duties, detail: "begun for revision \(account.revisionToTest)")
        }.value
    }

    /// Probes, and stores what was found.
    private func run(
        _ trial: ManagedAccount.Trial, by actor: Actor, progress: (String) async throws(RPCError) -> Void
    ) async throws(AccountError) -> (report: TestReport, account: ManagedAccount) {
        let order = ProbeOrder(account: trial.account, revision: trial.revision)
        var report: TestReport
        do { report = try await sync.probe(order, progress: progress).report } catch {
            throw AccountError(error, from: "sync service")
        }
        // What was asked for is what is stored, whatever the answer calls it.
        report.revision = trial.revision
        let found = report
        let (account, _) = try await store.change(trial.account.description, by: actor) {
            account throws(AccountError) in
            let candidate = account.candidate != nil
            let duties = try account.record(found, of: trial)
            let outcome = found.passed ? (candidate ? "passed, in use from now on" : "passed") : "failed"
            return AccountStore.Decision(value: (), duties: duties, detail: outcome)
        }
        return (found, account)
    }

    /// Stores a draft's role and sees that it could be connected.
    private func prepare(
        _ reference: String, role: RoleARN?, regions: RegionChoice?, by actor: Actor
    ) async throws(AccountError) -> ManagedAccount {
        let (account, inUse) = try await store.change(reference, by: actor) { account throws(AccountError) in
            // Asked of a copy: it is connected only once its test has passed.
            var lifecycle = account.lifecycle
            _ = try lifecycle.apply(.connect, name: account.name)
            if let role {
                _ = try account.apply(AccountChange(role: role), vault: vault, directory: directory)
            }
            _ = try account.trial()
            guard let role = account.connection.role else { throw .internalFault("account \(account.id) has no role") }
            try regions?.check(partition: role.partition, directory: directory)
            return AccountStore.Decision(value: role, duties: [], detail: "begun")
        }
        try await store.requireAlone(account, role: inUse)
        return account
    }

    /// A test of the account's connection that passed a short while ago, or a new one.
    private func passedTest(
        of account: ManagedAccount, by actor: Actor
    ) async throws(AccountError) -> (ManagedAccount.Trial, TestReport) {
        let trial = try account.trial()
        if let report = account.lastTest, report.isFresh(at: clock.now(), revision: trial.revision) {
            return (trial, report)
        }
        let report = try await run(trial, by: actor) { _ throws(RPCError) in }.report
        guard report.passed else {
            let reason = report.firstFailure.map { "\($0.name): \($0.message)" } ?? "the role could not be assumed"
            let text = "account '\(account.name)' cannot be connected like this: \(reason)"
            try await store.record(actor.event(account.id, .refused, text))
            throw .refused(text, .connectionFailed)
        }
        return (trial, report)
    }
}
