import API
import JSON
import RPC
import ServiceKit

/// What commands share: the output format and the way to the services, opened when first needed.
final class Context: Sendable {
    let format: OutputFormat
    let profileOption: String?
    let commands: [Command]

    init(format: OutputFormat, profileOption: String?, commands: [Command]) {
        self.format = format
        self.profileOption = profileOption
        self.commands = commands
    }

    /// Whether the reader is a program.
    var isForPrograms: Bool { format != .table }

    /// The services of the profile.
    func services() throws -> Services { try Services(Profile.load(Profile.path(option: profileOption))) }

    /// Prints a table or its JSON.
    func print(_ table: Table, empty: String) {
        if table.rows.isEmpty, !isForPrograms { return Terminal.print(empty + "\n") }
        Terminal.print(table.text(format, width: Terminal.width))
    }

    /// Prints an object as JSON for programs (jsonl on one line) or text for people.
    func print(object: @autoclosure () throws -> JSONValue, text: @autoclosure () -> String) rethrows {
        switch format {
        case .table, .csv: Terminal.print(text())
        case .json: try Terminal.print(object().text(pretty: true) + "\n")
        case .jsonl: try Terminal.print(object().text() + "\n")
        }
    }
}

/// Clients of the three services.
struct Services: Sendable {
    let account: AccountClient
    let sync: SyncClient
    let assessment: AssessmentClient
    /// The connections beneath, by the first word of `parapet call`.
    let raw: [String: RPCClient]

    init(_ profile: Profile) throws {
        func client(_ target: String, _ service: String) throws(CLIError) -> RPCClient {
            guard let colon = target.lastIndex(of: ":"), let port = UInt16(target[target.index(after: colon)...]) else {
                throw CLIError(code: .usage, message: "profile: `\(target)` is no HOST:PORT")
            }
            var configuration = ClientConfiguration(
                host: String(target[..<colon]), port: port,
                tls: ClientTLS(
                    caFile: profile.certificateAuthorityFile, expectedServerURI: "spiffe://parapet/\(service)"),
                bearerToken: profile.token)
            configuration.backoff = .amongServices
            configuration.keepaliveTime = .seconds(330)
            return RPCClient(configuration)
        }
        let account = try client(profile.accountService, "account-service")
        let sync = try client(profile.syncService, "sync-service")
        let assessment = try client(profile.assessmentService, "assessment-service")
        self.account = AccountClient(account)
        self.sync = SyncClient(sync)
        self.assessment = AssessmentClient(assessment)
        raw = ["account": account, "sync": sync, "assessment": assessment]
    }
}
