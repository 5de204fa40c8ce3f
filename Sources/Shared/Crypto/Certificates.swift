import COpenSSL
public import Platform

/// A certificate with its private key, both PEM.
public struct IssuedCertificate: Sendable {
    public var certificatePEM: [UInt8]
    /// Secret: to be stored readable by its owner alone.
    public var privateKeyPEM: [UInt8]

    public init(certificatePEM: [UInt8], privateKeyPEM: [UInt8]) {
        self.certificatePEM = certificatePEM
        self.privateKeyPEM = privateKeyPEM
    }
}

/// What a leaf certificate shall say.
public struct LeafRequest: Sendable {
    public enum Usage: String, Sendable { case serverAuth, clientAuth }

    public var commonName: String
    public var dnsNames: [String]
    /// IPv4 or IPv6 in text.
    public var ipAddresses: [String]
    public var uris: [String]
    public var usages: [Usage]

    public init(
        commonName: String, dnsNames: [String] = [], ipAddresses: [String] = [], uris: [String] = [], usages: [Usage]
    ) {
        self.commonName = commonName
        self.dnsNames = dnsNames
        self.ipAddresses = ipAddresses
        self.uris = uris
        self.usages = usages
    }
}

/// Makes the certificates of an installation: EC P-256, signed with SHA-256.
public enum Certificates {
    public static let authorityLifetime = Duration.seconds(3650 * 86_400)
    public static let leafLifetime = Duration.seconds(90 * 86_400)

    /// Clocks of two machines differ: a certificate is valid from a little before it was made.
    static let backdating = Duration.seconds(300)

    /// A self-signed certificate that signs leaves and nothing else.
    public static func makeAuthority(
        commonName: String, now: WallTime, lifetime: Duration = authorityLifetime
    ) throws(CryptoError) -> IssuedCertificate {
        let key = try PrivateKey.generate()
        let certificate = try X509Certificate()
        try prepare(certificate, subject: commonName, key: key, now: now, lifetime: lifetime)
        try certificate.setName(commonName, ofSubject: false)
        try certificate.add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0", issuer: certificate)
        try certificate.add(NID_key_usage, "critical,keyCertSign,cRLSign", issuer: certificate)
        try certificate.add(NID_subject_key_identifier, "hash", issuer: certificate)
        guard X509_sign(certificate.handle, key.handle, EVP_sha256()) > 0 else { throw .last("sign") }
        return IssuedCertificate(certificatePEM: try certificate.pem(), privateKeyPEM: try key.pem())
    }

    /// A certificate of `authority` with a new key.
    ///
    /// - Throws: `malformed` for a name with characters that do not belong in one.
    public static func issue(
        _ request: LeafRequest, by authority: IssuedCertificate, now: WallTime, lifetime: Duration = leafLifetime
    ) throws(CryptoError) -> IssuedCertificate {
        let issuer = try X509Certificate(pem: authority.certificatePEM)
        let issuerKey = try PrivateKey(pem: authority.privateKeyPEM)
        let key = try PrivateKey.generate()
        let leaf = try X509Certificate()
        try prepare(leaf, subject: request.commonName, key: key, now: now, lifetime: lifetime)
        guard X509_set_issuer_name(leaf.handle, X509_get_subject_name(issuer.handle)) == 1 else {
            throw .last("issuer")
        }
        try leaf.add(NID_basic_constraints, "critical,CA:FALSE", issuer: issuer)
        try leaf.add(NID_key_usage, "critical,digitalSignature", issuer: issuer)
        if !request.usages.isEmpty {
            let usages = request.usages.map(\.rawValue).joined(separator: ",")
            try leaf.add(NID_ext_key_usage, usages, issuer: issuer)
        }
        let names = try request.alternativeNames()
        if !names.isEmpty { try leaf.add(NID_subject_alt_name, names, issuer: issuer) }
        try leaf.add(NID_subject_key_identifier, "hash", issuer: issuer)
        try leaf.add(NID_authority_key_identifier, "keyid:always", issuer: issuer)
        guard X509_sign(leaf.handle, issuerKey.handle, EVP_sha256()) > 0 else { throw .last("sign") }
        return IssuedCertificate(certificatePEM: try leaf.pem(), privateKeyPEM: try key.pem())
    }

    /// Whether the key belongs to the certificate.
    public static func isPair(certificatePEM: [UInt8], privateKeyPEM: [UInt8]) throws(CryptoError) -> Bool {
        let certificate = try X509Certificate(pem: certificatePEM)
        let key = try PrivateKey(pem: privateKeyPEM)
        defer { ERR_clear_error() }
        return X509_check_private_key(certificate.handle, key.handle) == 1
    }

    private static func prepare(
        _ certificate: borrowing X509Certificate, subject: String, key: borrowing PrivateKey, now: WallTime,
        lifetime: Duration
    ) throws(CryptoError) {
        try certificate.setRandomSerial()
        try certificate.setName(subject, ofSubject: true)
        let (begin, end) = ((now - backdating).unixSeconds, (now + lifetime).unixSeconds)
        guard ASN1_TIME_set(X509_getm_notBefore(certificate.handle), time_t(begin)) != nil,
            ASN1_TIME_set(X509_getm_notAfter(certificate.handle), time_t(end)) != nil,
            X509_set_pubkey(certificate.handle, key.handle) == 1
        else { throw .last("make a certificate") }
    }
}

extension LeafRequest {
    /// In the words of OpenSSL's configuration, where a comma would begin another name.
    func alternativeNames() throws(CryptoError) -> String {
        let names =
            dnsNames.map { ("DNS", $0) } + ipAddresses.map { ("IP", $0) } + uris.map { ("URI", $0) }
        for (kind, name) in names {
            let isPlain = name.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "-._:/*@%+".utf8.contains($0)
                }
            }
            guard isPlain, !name.isEmpty else {
                throw .malformed("\(kind) name '\(name)': has a character not allowed")
            }
        }
        return names.map { "\($0):\($1)" }.joined(separator: ",")
    }
}
