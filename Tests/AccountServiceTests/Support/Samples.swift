import Platform
import Testing

@testable import AccountService

/// Values that tests begin with.
enum Sample {
    static let roleText = "arn:aws:iam::111122223333:role/ParapetReadOnly"
    static let time = WallTime(unixSeconds: 1_800_000_000)
    /// Each character that an external ID may have.
    static let everyCharacter = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+=,.@:/-"

    static func role(_ text: String = roleText) throws -> RoleARN { try RoleARN(text) }

    static func vault(_ seed: UInt8 = 7) throws -> Vault {
        let key = try #require(VaultKey(bytes: [UInt8](repeating: seed, count: 32)))
        return try #require(Vault([key]))
    }

    static let directory = PartitionDirectory([
        "aws": [
            .init(name: "af-south-1", description: "Africa (Cape Town)"),
            .init(name: "eu-central-1", description: "Europe (Frankfurt)"),
            .init(name: "us-east-1", description: "US East (N. Virginia)"),
        ],
        "aws-cn": [.init(name: "cn-north-1", description: "China (Beijing)")],
    ])

    static func draft(_ vault: Vault, name: String = "prod", secret: String = "first-secret") throws -> ManagedAccount {
        let id = AccountID.generate()
        return ManagedAccount(
            id: id, name: try AccountName(name),
            externalID: try vault.seal(try ExternalID(secret), account: id, revision: 1), now: time)
    }

    static func enabled(_ vault: Vault) throws -> ManagedAccount {
        var account = try draft(vault)
        _ = try account.apply(AccountChange(role: try role()), vault: vault, directory: directory)
        _ = try account.lifecycle.apply(.connect, name: account.name)
        return account
    }

    static func report(_ revision: Int64, passed: Bool = true, time: WallTime = time) -> TestReport {
        TestReport(
            checks: [.init(name: "assume_role", outcome: passed ? .passed : .failed, message: "AWS said so")],
            awsAccountID: passed ? "111122223333" : "", principal: "arn:aws:iam::999988887777:role/parapet", time: time,
            revision: revision)
    }
}

/// The error of a call that has to fail.
func failure<T>(of body: () throws(AccountError) -> T) -> AccountError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error
    }
}
