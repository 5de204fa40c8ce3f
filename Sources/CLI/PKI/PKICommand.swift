import JSON
import Platform

/// `parapet pki init`: what services that are started one by one, as containers are, need to trust each other.
enum PKICommand {
    static let command = Command(
        path: ["pki", "init"], summary: "Make the certificates, tokens and profile of an installation, or renew them",
        details: """
            Writes into one directory, whose folders are meant to be volumes of their own: ca/ with the authority's key,
            which nothing but this command needs; account-service/, sync-service/ and assessment-service/ with each one's
            cert.pem, key.pem and ca.pem; operator/ with profile.json, which holds an administrator's token, and ca.pem. The
            account service's folder also holds the hashes of tokens.
            Run it again at any time: what is good is kept; a certificate with less than a third of its 90 days left, or
            without a name that is now wanted, is replaced, and running services take the new one over.
            """,
        options: [
            Option(name: "--dir", value: "DIR", help: "where the folders are", required: true),
            Option(
                name: "--account-service", value: "HOST:PORT",
                help: "where the account service is reached from outside; default localhost:7741"),
            Option(
                name: "--sync-service", value: "HOST:PORT", help: "the sync service; default localhost:7742"),
            Option(
                name: "--assessment-service", value: "HOST:PORT",
                help: "the assessment service; default localhost:7743"),
        ],
        examples: [
            "parapet pki init --dir /srv/parapet/pki",
            "parapet pki init --dir /srv/parapet/pki --account-service parapet.example.org:7741",
        ], run: run)

    private static func run(_ call: Invocation) async throws -> ExitCode {
        guard let directory = call.value("--dir") else {
            throw CLIError.usage("--dir is missing", command: call.command)
        }
        let folders = IdentityFolders(
            directory: directory,
            addresses: try IdentityFolders.defaultAddresses.map { service, address in
                (service, try self.address(call.value("--\(service)") ?? address, service, call))
            })
        let report = try folders.prepare(now: .now())
        let rows = report.map { line in
            JSONValue.object([
                "service": .string(line.service), "issued": .bool(line.issued),
                "ends": .string(line.ends.rfc3339()),
            ])
        }
        let text = report.map { "\($0.service): \($0.issued ? "issued" : "kept"), ends \($0.ends.rfc3339())\n" }
            .joined()
        call.context.print(object: .array(rows), text: text + "profile: \(folders.profileFile)\n")
        return .ok
    }

    private static func address(_ text: String, _ service: String, _ call: Invocation) throws(CLIError) -> String {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 2, let port = parts.last, UInt16(port) != nil, parts.first?.isEmpty == false else {
            throw .usage("--\(service): HOST:PORT; got `\(text)`", command: call.command)
        }
        return text
    }
}
