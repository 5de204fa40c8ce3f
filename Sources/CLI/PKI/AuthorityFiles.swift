import Crypto
import Platform

/// Where the key and the certificate of an installation's authority lie.
struct AuthorityFiles: Sendable {
    let certificate: String
    /// Whoever reads it can pose as any service: no service gets to see it.
    let key: String

    init(in directory: String) {
        certificate = directory + "/ca.pem"
        key = directory + "/ca.key"
    }

    /// The authority that is there, or a new one where there is none.
    ///
    /// - Returns: `isNew` when no leaf of before can be its.
    func loadOrMake(now: WallTime) throws -> (authority: IssuedCertificate, isNew: Bool) {
        if Files.exists(key), Files.exists(certificate) {
            let kept = try IssuedCertificate(
                certificatePEM: Files.read(certificate), privateKeyPEM: Files.read(key))
            return (kept, false)
        }
        let made = try Certificates.makeAuthority(commonName: "Parapet", now: now)
        try Files.writeAtomically(made.privateKeyPEM, to: key, mode: 0o600)
        try Files.writeAtomically(made.certificatePEM, to: certificate, mode: 0o644)
        return (made, true)
    }
}
