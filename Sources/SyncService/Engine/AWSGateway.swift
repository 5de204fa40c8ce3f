import JSON
import Platform

/// AWS itself: the client, the catalogue, and the service's own credentials.
struct AWSGateway: AWSAccess {
    let client: AWSClient
    let catalogue: Catalogue
    let partitions: Partitions
    /// The service's own credentials.
    let source: any CredentialsProvider
    /// Where the service's own identity is asked for, and roles are assumed.
    let ownRegion: String
    /// Set by the operator, where AWS does not tell a role's path.
    let principalARN: String?
    let clock: any WallClock

    func open(
        _ role: RoleConnection, lease: @escaping @Sendable () async throws(ReadFailure) -> Void
    ) async throws(ReadFailure) -> any AccountSession {
        try await session(role, externalID: role.externalID.isEmpty ? nil : role.externalID, lease)
    }

    func assume(_ role: RoleConnection, externalID: String?) async throws(ReadFailure) -> any AccountSession {
        try await session(role, externalID: externalID) {}
    }

    private func session(
        _ role: RoleConnection, externalID: String?, _ lease: @escaping @Sendable () async throws(ReadFailure) -> Void
    ) async throws(ReadFailure) -> any AccountSession {
        let place = try place(of: role.roleARN)
        let assumeRole = AssumeRole(client: client, source: source)
        let credentials = RenewedCredentials(clock: clock) { () async throws(AWSError) in
            do throws(ReadFailure) { try await lease() } catch { throw AWSError(.cancelled) }
            return try await assumeRole.assume(
                roleARN: role.roleARN, externalID: externalID, sessionName: role.sessionName,
                region: stsRegion(place))
        }
        do throws(AWSError) { _ = try await credentials.credentials() } catch {
            throw ReadFailure(error, operation: "sts:AssumeRole")
        }
        let calls = AccountCalls(client: client, credentials: credentials, account: place.account)
        return AWSAccountSession(calls: calls, place: place, catalogue: catalogue)
    }

    /// The nearest STS: our own region's, where that is of the account's partition.
    private func stsRegion(_ place: ReadingPlace) -> String {
        partitions.partition(ofRegion: ownRegion)?.id == place.partition ? ownRegion : place.homeRegion
    }

    private func place(of roleARN: String) throws(ReadFailure) -> ReadingPlace {
        let parts = roleARN.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 6, let partition = partitions.partition(ofARN: roleARN) else {
            throw ReadFailure(
                .other, code: "Parapet.Role", message: "\(roleARN) is no role's ARN of a known partition",
                operation: "sts:AssumeRole")
        }
        return ReadingPlace(
            account: String(parts[4]), partition: partition.id, homeRegion: partition.homeRegion)
    }

    func regions(ofPartition roleARN: String) -> [String] {
        partitions.partition(ofARN: roleARN)?.regions.map(\.name) ?? []
    }

    // MARK: The service's own identity

    func principal() async throws(ReadFailure) -> String {
        if let principalARN { return principalARN }
        let calls = AccountCalls(client: client, credentials: source, account: "self")
        let arn: String?
        do throws(AWSError) {
            arn = try await calls.call("sts", "GetCallerIdentity", region: ownRegion, [:])["Arn"]?.string
        } catch { throw ReadFailure(error, operation: "sts:GetCallerIdentity") }
        guard let arn else {
            throw ReadFailure(
                .other, code: "Parapet.MalformedResponse", message: "the answer holds no ARN",
                operation: "sts:GetCallerIdentity")
        }
        guard let role = Self.assumedRole(arn) else { return arn }
        do throws(AWSError) {
            let output = try await calls.call("iam", "GetRole", region: ownRegion, ["RoleName": .string(role)])
            if let arn = output["Role"]?["Arn"]?.string { return arn }
        } catch {
            throw ReadFailure(
                .init(error, operation: "iam:GetRole"),
                hint: "AWS tells an assumed role without its path: allow iam:GetRole on it, or set --principal-arn")
        }
        throw ReadFailure(
            .other, code: "Parapet.MalformedResponse", message: "the answer holds no ARN", operation: "iam:GetRole")
    }

    /// The role's name in `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION`.
    static func assumedRole(_ arn: String) -> String? {
        let parts = arn.split(separator: ":", maxSplits: 5)
        guard let resource = parts.last, resource.hasPrefix("assumed-role/") else { return nil }
        let names = resource.split(separator: "/")
        return names.count >= 2 ? String(names[1]) : nil
    }
}

extension ReadFailure {
    /// The failure with what to do about it.
    init(_ failure: ReadFailure, hint: String) {
        self = failure
        message = "\(failure.message) (\(hint))"
    }
}

/// An account whose role was assumed, read by the client.
struct AWSAccountSession: AccountSession {
    let calls: AccountCalls
    let place: ReadingPlace
    let catalogue: Catalogue

    func accountID() async throws(ReadFailure) -> String {
        do throws(AWSError) {
            let output = try await calls.call("sts", "GetCallerIdentity", region: place.homeRegion, [:])
            if let account = output["Account"]?.string { return account }
        } catch { throw ReadFailure(error, operation: "sts:GetCallerIdentity") }
        throw ReadFailure(
            .other, code: "Parapet.MalformedResponse", message: "the answer holds no account",
            operation: "sts:GetCallerIdentity")
    }

    func regions() async throws(ReadFailure) -> [RegionOptIn] {
        do throws(AWSError) {
            let output = try await calls.call(
                "ec2", "DescribeRegions", region: place.homeRegion, ["AllRegions": true])
            let regions = (output["Regions"]?.array ?? []).compactMap { region in
                region["RegionName"]?.string.map {
                    RegionOptIn(name: $0, status: region["OptInStatus"]?.string ?? "opt-in-not-required")
                }
            }
            // Every account has regions: an answer without any must not read as "there is nothing to collect".
            guard !regions.isEmpty else { throw AWSError(.malformed("the answer names no region")) }
            return regions
        } catch { throw ReadFailure(error, operation: "ec2:DescribeRegions") }
    }

    func glance(at region: String) async throws(ReadFailure) -> (instances: Int, hasMore: Bool) {
        do throws(AWSError) {
            let output = try await calls.firstPage(
                "ec2", "DescribeInstances", region: region, ["MaxResults": .number(JSONNumber(1000))])
            return (
                output.count(
                    at: FieldPath(steps: [.member("Reservations"), .elements, .member("Instances"), .elements])),
                output["NextToken"]?.string?.isEmpty == false
            )
        } catch { throw ReadFailure(error, operation: "ec2:DescribeInstances") }
    }

    func reader(of scope: Scope) throws(ReadFailure) -> any ScopeReader {
        guard let type = catalogue.type(scope.type) else {
            throw ReadFailure(.other, code: "Parapet.Catalogue", message: "the catalogue has no type \(scope.type)")
        }
        return CatalogueReader(type: type, scope: scope, place: place, calls: calls)
    }
}
