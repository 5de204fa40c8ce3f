import Platform

/// What `parapet up` keeps in its data directory beside the services' own folders: certificates, the hash
/// of the administrator's token, logs.
struct Installation: Sendable {
    /// Absolute.
    let directory: String

    static let services = ["account-service", "sync-service", "assessment-service"]

    var pki: String { directory + "/pki" }
    var authorityFile: String { pki + "/ca.pem" }
    var tokenFile: String { directory + "/tokens" }
    func certificateFile(_ service: String) -> String { "\(pki)/\(service).pem" }
    func keyFile(_ service: String) -> String { "\(pki)/\(service).key" }
    func dataDirectory(_ service: String) -> String { "\(directory)/\(service)" }
    func logFile(_ service: String) -> String { "\(directory)/logs/\(service).log" }
    func readyFile(_ service: String) -> String { "\(directory)/run/\(service).ready" }

    /// `$XDG_DATA_HOME/parapet`, or `~/.local/share/parapet`.
    static var defaultDirectory: String? {
        if let base = Environment.value("XDG_DATA_HOME"), base.hasPrefix("/") { return base + "/parapet" }
        return Environment.value("HOME").map { $0 + "/.local/share/parapet" }
    }

    /// Makes what is missing, and renews certificates.
    func prepare(now: WallTime) throws {
        for folder in [directory, pki, directory + "/logs", directory + "/run"] { try Files.createDirectory(folder) }
        guard try Files.isPrivate(directory) else {
            throw CLIError(
                code: .forbidden, message: "data directory \(directory) can be read by others",
                hint: "chmod 700 \(directory)")
        }
        let (authority, isNew) = try AuthorityFiles(in: pki).loadOrMake(now: now)
        for service in Self.services {
            let leaf = LeafFiles(service: service, certificate: certificateFile(service), key: keyFile(service))
            try leaf.ensure(by: authority, isNew: isNew, now: now)
        }
    }

    /// The administrator's token: the one that the profile holds if the services know its hash, else a new one.
    func administratorToken(keeping old: String?) throws -> String {
        try AdministratorToken(file: tokenFile, holder: "up").ensure(keeping: old)
    }
}
