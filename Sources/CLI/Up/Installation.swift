import Crypto
import JSON
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

    /// Makes what is missing, and renews certificates that end within a third of their life.
    func prepare(now: WallTime) throws {
        for folder in [directory, pki, directory + "/logs", directory + "/run"] { try Files.createDirectory(folder) }
        guard try Files.isPrivate(directory) else {
            throw CLIError(
                code: .forbidden, message: "data directory \(directory) can be read by others",
                hint: "chmod 700 \(directory)")
        }
        let authority = try authority(now: now)
        for service in Self.services { try issueLeaf(service, by: authority, now: now) }
    }

    private func authority(now: WallTime) throws -> IssuedCertificate {
        let keyFile = pki + "/ca.key"
        if Files.exists(keyFile), Files.exists(authorityFile) {
            return try IssuedCertificate(certificatePEM: Files.read(authorityFile), privateKeyPEM: Files.read(keyFile))
        }
        let made = try Certificates.makeAuthority(commonName: "Parapet", now: now)
        try Files.writeAtomically(made.privateKeyPEM, to: keyFile, mode: 0o600)
        try Files.writeAtomically(made.certificatePEM, to: authorityFile, mode: 0o644)
        return made
    }

    private func issueLeaf(_ service: String, by authority: IssuedCertificate, now: WallTime) throws {
        if Files.exists(certificateFile(service)), Files.exists(keyFile(service)),
            let kept = try? CertificateInfo(pem: Files.read(certificateFile(service))),
            kept.notAfter > now + .seconds(30 * 86_400)
        {
            return
        }
        let request = LeafRequest(
            commonName: service, dnsNames: ["localhost"], ipAddresses: ["127.0.0.1", "::1"],
            uris: ["spiffe://parapet/\(service)"],
            usages: [.serverAuth, .clientAuth])
        let leaf = try Certificates.issue(request, by: authority, now: now)
        try Files.writeAtomically(leaf.privateKeyPEM, to: keyFile(service), mode: 0o600)
        try Files.writeAtomically(leaf.certificatePEM, to: certificateFile(service), mode: 0o644)
    }

    /// The administrator's token: the one that the profile holds if the services know its hash, else a new one.
    /// Lines that a person added to the file stay.
    func administratorToken(keeping old: String?) throws -> String {
        let text = Files.exists(tokenFile) ? String(decoding: try Files.read(tokenFile), as: UTF8.self) : ""
        let lines = text.split(separator: "\n")
        if let old, lines.contains(where: { $0.contains(Self.hash(of: old)) }) { return old }
        let token = "parapet_" + Hex.encode(RandomBytes.generate(32))
        let kept = lines.filter { !$0.hasSuffix(" up") } + ["admin \(Self.hash(of: token)) up"]
        try Files.writeAtomically(Array((kept.joined(separator: "\n") + "\n").utf8), to: tokenFile, mode: 0o600)
        return token
    }

    private static func hash(of token: String) -> String { Hex.encode(SHA256.digest(token)) }
}
