import Crypto
import Glibc
import Platform

/// Where the certificate and the key of a service lie.
struct LeafFiles: Sendable {
    let service: String
    let certificate: String
    let key: String

    /// Names by which the service is called, beside those of its own machine; numeric addresses too.
    var hosts: [String] = []

    /// Issues a certificate where there is none that will do: it has to have more than a third of its life left, all
    /// names, its key, and the right authority.
    ///
    /// - Returns: Whether it was issued, and when the one that is there now ends.
    @discardableResult
    func ensure(
        by authority: IssuedCertificate, isNew: Bool, now: WallTime
    ) throws -> (issued: Bool, ends: WallTime) {
        if !isNew, let kept = try kept(), kept.notAfter > now + Certificates.leafLifetime / 3 {
            return (false, kept.notAfter)
        }
        let leaf = try Certificates.issue(request, by: authority, now: now)
        try Files.writeAtomically(leaf.privateKeyPEM, to: key, mode: 0o600)
        try Files.writeAtomically(leaf.certificatePEM, to: certificate, mode: 0o644)
        return (true, now + Certificates.leafLifetime)
    }

    /// The certificate that is there, if it belongs to its key and has all names.
    private func kept() throws -> CertificateInfo? {
        guard Files.exists(certificate), Files.exists(key) else { return nil }
        let (pem, keyPEM) = (try Files.read(certificate), try Files.read(key))
        guard (try? Certificates.isPair(certificatePEM: pem, privateKeyPEM: keyPEM)) == true,
            let info = try? CertificateInfo(pem: pem)
        else { return nil }
        let wanted = request
        let hasAll =
            Set(wanted.dnsNames).isSubset(of: info.dnsNames) && Set(wanted.uris).isSubset(of: info.uris)
            && Set(wanted.ipAddresses.compactMap(Self.addressBytes)).isSubset(of: info.ipAddresses)
        return hasAll ? info : nil
    }

    private var request: LeafRequest {
        var request = LeafRequest(
            commonName: service, dnsNames: ["localhost"], ipAddresses: ["127.0.0.1", "::1"],
            uris: ["spiffe://parapet/\(service)"], usages: [.serverAuth, .clientAuth])
        for host in hosts {
            if Self.addressBytes(host) == nil {
                if !request.dnsNames.contains(host) { request.dnsNames.append(host) }
            } else if !request.ipAddresses.contains(host) {
                request.ipAddresses.append(host)
            }
        }
        return request
    }

    /// The 4 or 16 bytes of a numeric address; nil for a name.
    private static func addressBytes(_ text: String) -> [UInt8]? {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }
}
