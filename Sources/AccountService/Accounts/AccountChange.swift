/// The fields of an account that a caller wants changed; nil: as it is.
struct AccountChange: Sendable {
    var name: AccountName?
    var role: RoleARN?
    var externalID: ExternalID?
    var regions: RegionChoice?
    var schedule: Schedule?

    /// The names of what changes, for the audit log.
    var fields: [String] {
        [
            name.map { _ in "name" }, role.map { _ in "role_arn" }, externalID.map { _ in "external_id" },
            regions.map { _ in "regions" }, schedule.map { _ in "schedule" },
        ].compactMap(\.self)
    }
}

extension ManagedAccount {
    /// Changes the configuration, or says why not; nothing is changed then.
    ///
    /// - Returns: What is owed to the other services.
    mutating func apply(
        _ change: AccountChange, vault: Vault, directory: PartitionDirectory
    ) throws(AccountError) -> [Lifecycle.Duty] {
        try lifecycle.require(.configure, name: name)
        var changed = self
        let before = (changed.name, changed.regions, changed.schedule)
        if let name = change.name { changed.name = name }
        if let regions = change.regions { changed.regions = regions }
        if let schedule = change.schedule { changed.schedule = schedule }
        if change.role != nil || change.externalID != nil {
            try state == .draft
                ? changed.changeDraft(role: change.role, externalID: change.externalID, vault)
                : changed.propose(role: change.role, externalID: change.externalID, vault)
        }
        try changed.regions.check(partition: changed.connection.role?.partition, directory: directory)
        if before != (changed.name, changed.regions, changed.schedule) { changed.configurationRevision += 1 }
        let collects = changed.regions != regions && state == .enabled
        self = changed
        return collects ? [.startSync] : []
    }

    /// A draft has no connection in use that a wrong role could break: it is changed at once.
    private mutating func changeDraft(role: RoleARN?, externalID: ExternalID?, _ vault: Vault) throws(AccountError) {
        let before = connection
        if let role { connection.role = role }
        if let externalID, try opened(connection.externalID, connection.revision, vault) != externalID {
            connection.externalID = try sealed(externalID, connection.revision, vault)
        }
        guard connection != before else { return }
        connectionEdits += 1
        lastTest = nil
    }

    /// Makes a candidate, or changes it; it is gone when it equals the connection in use again.
    private mutating func propose(role: RoleARN?, externalID: ExternalID?, _ vault: Vault) throws(AccountError) {
        guard let inUse = connection.role else { throw .internalFault("account \(id) is connected without a role") }
        let role = role ?? candidate?.role ?? inUse
        guard role.awsAccountID == inUse.awsAccountID, role.partition == inUse.partition else {
            throw .invalid(
                field: "role_arn",
                rule:
                    "the role belongs to AWS account \(role.awsAccountID) (\(role.partition)), and '\(name)' is \(inUse.awsAccountID) (\(inUse.partition)): create another account for it"
            )
        }
        let present = try opened(connection.externalID, connection.revision, vault)
        let revision = connection.revision + 1
        var secret = present
        if let externalID {
            secret = externalID
        } else if let candidate {
            secret = try opened(candidate.externalID, candidate.revision, vault)
        }
        connectionEdits += 1
        guard role != inUse || secret != present else {
            candidate = nil
            return
        }
        candidate = CandidateConnection(
            revision: revision, role: role, externalID: try sealed(secret, revision, vault),
            externalIDChanged: secret != present)
    }

    private func opened(_ secret: SealedSecret, _ revision: Int64, _ vault: Vault) throws(AccountError) -> ExternalID {
        do { return try vault.open(secret, account: id, revision: revision) } catch {
            throw .internalFault("account \(id): \(error)")
        }
    }

    private func sealed(_ secret: ExternalID, _ revision: Int64, _ vault: Vault) throws(AccountError) -> SealedSecret {
        do { return try vault.seal(secret, account: id, revision: revision) } catch {
            throw .internalFault("account \(id): \(error)")
        }
    }
}
