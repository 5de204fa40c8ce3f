import Crypto
import Platform

/// The folders that `parapet pki init` fills, each for those alone who need what is in it.
struct IdentityFolders: Sendable {
    let directory: String
    /// Each service, and where it is reached from outside.
    let addresses: [(service: String, address: String)]

    static let defaultAddresses: [(service: String, address: String)] =
        zip(Installation.services, 7741...).map { ($0, "localhost:\($1)") }

    struct Line: Sendable {
        let service: String
        let issued: Bool
        let ends: WallTime
    }

    var profileFile: String { directory + "/operator/profile.json" }

    /// Makes and renews what needs it.
    func prepare(now: WallTime) throws -> [Line] {
        let folders = ["ca", "operator"] + Installation.services
        for folder in folders { try Files.createDirectory("\(directory)/\(folder)") }
        let (authority, isNew) = try AuthorityFiles(in: directory + "/ca").loadOrMake(now: now)
        let lines = try addresses.map { service, address in
            let folder = "\(directory)/\(service)"
            try replace(folder + "/ca.pem", with: authority.certificatePEM)
            let leaf = LeafFiles(
                service: service, certificate: folder + "/cert.pem", key: folder + "/key.pem",
                hosts: [service, Self.host(of: address)])
            let (issued, ends) = try leaf.ensure(by: authority, isNew: isNew, now: now)
            return Line(service: service, issued: issued, ends: ends)
        }
        try writeProfile(authority)
        return lines
    }

    private func writeProfile(_ authority: IssuedCertificate) throws {
        try replace(directory + "/operator/ca.pem", with: authority.certificatePEM)
        let earlier = Files.exists(profileFile) ? try Profile(parsing: Files.read(profileFile)) : nil
        let token = try AdministratorToken(file: directory + "/account-service/tokens", holder: "operator")
            .ensure(keeping: earlier?.token)
        let named = Dictionary(addresses.map { ($0.service, $0.address) }) { first, _ in first }
        let profile = Profile(
            accountService: named["account-service"] ?? "", syncService: named["sync-service"] ?? "",
            assessmentService: named["assessment-service"] ?? "", certificateAuthorityFile: "ca.pem", token: token,
            dataDirectory: nil)
        if profile != earlier { try profile.write(to: profileFile) }
    }

    /// Leaves a file alone that has the content already: services watch its time.
    private func replace(_ path: String, with bytes: [UInt8]) throws {
        if Files.exists(path), try Files.read(path) == bytes { return }
        try Files.writeAtomically(bytes, to: path, mode: 0o644)
    }

    private static func host(of address: String) -> String {
        let host = address.lastIndex(of: ":").map { address[..<$0] } ?? address[...]
        return String(host.hasPrefix("[") && host.hasSuffix("]") ? host.dropFirst().dropLast() : host)
    }
}
