import Crypto
import Platform
import Testing

@Suite struct CertificatesTests {
    private let now = WallTime(unixSeconds: 1_800_000_000)

    private func leaf(_ usages: [LeafRequest.Usage]) -> LeafRequest {
        LeafRequest(
            commonName: "account-service", dnsNames: ["localhost"], ipAddresses: ["127.0.0.1", "::1"],
            uris: ["spiffe://parapet/account-service"], usages: usages)
    }

    @Test func `a leaf says what was asked and its authority vouches for it`() throws {
        let authority = try Certificates.makeAuthority(commonName: "Parapet CA", now: now)
        let issued = try Certificates.issue(leaf([.serverAuth, .clientAuth]), by: authority, now: now)
        let info = try CertificateInfo(pem: issued.certificatePEM)
        #expect(info.commonName == "account-service")
        #expect(info.uris == ["spiffe://parapet/account-service"])
        #expect(info.dnsNames == ["localhost"])
        #expect(info.ipAddresses == [[127, 0, 0, 1], Array(repeating: 0, count: 15) + [1]])
        #expect(info.notAfter == now + .seconds(90 * 86_400))
        #expect(info.notBefore < now)
        #expect(!info.isAuthority)
        #expect(try CertificateInfo(pem: authority.certificatePEM).isAuthority)
        for usage in [LeafRequest.Usage.serverAuth, .clientAuth] {
            try Certificates.verify(
                leafPEM: issued.certificatePEM, authorityPEM: authority.certificatePEM, usage: usage, now: now)
        }
    }

    @Test func `a person's leaf cannot serve, an expired one and a stranger's one do nothing`() throws {
        let authority = try Certificates.makeAuthority(commonName: "Parapet CA", now: now)
        let stranger = try Certificates.makeAuthority(commonName: "Parapet CA", now: now)
        let issued = try Certificates.issue(leaf([.clientAuth]), by: authority, now: now)
        func verify(_ authority: IssuedCertificate, _ usage: LeafRequest.Usage, after: Duration) throws(CryptoError) {
            try Certificates.verify(
                leafPEM: issued.certificatePEM, authorityPEM: authority.certificatePEM, usage: usage, now: now + after)
        }
        try verify(authority, .clientAuth, after: .seconds(89 * 86_400))
        #expect(throws: CryptoError.self) { try verify(authority, .serverAuth, after: .zero) }
        #expect(throws: CryptoError.self) { try verify(stranger, .clientAuth, after: .zero) }
        #expect(throws: CryptoError.self) { try verify(authority, .clientAuth, after: .seconds(91 * 86_400)) }
        #expect(throws: CryptoError.self) { try verify(authority, .clientAuth, after: .seconds(-3600)) }
    }

    @Test func `a leaf cannot sign`() throws {
        let authority = try Certificates.makeAuthority(commonName: "Parapet CA", now: now)
        let middle = try Certificates.issue(leaf([.serverAuth]), by: authority, now: now)
        let last = try Certificates.issue(leaf([.serverAuth]), by: middle, now: now)
        #expect(throws: CryptoError.self) {
            try Certificates.verify(
                leafPEM: last.certificatePEM, authorityPEM: authority.certificatePEM, usage: .serverAuth, now: now)
        }
    }

    @Test func `a key belongs to its own certificate only`() throws {
        let authority = try Certificates.makeAuthority(commonName: "Parapet CA", now: now)
        let (a, b) = (
            try Certificates.issue(leaf([]), by: authority, now: now),
            try Certificates.issue(leaf([]), by: authority, now: now)
        )
        #expect(try Certificates.isPair(certificatePEM: a.certificatePEM, privateKeyPEM: a.privateKeyPEM))
        #expect(try !Certificates.isPair(certificatePEM: a.certificatePEM, privateKeyPEM: b.privateKeyPEM))
    }

    @Test(arguments: ["a,DNS:b", "", "a b", "a\nb", "a;b"]) func `a name cannot smuggle in another`(name: String) throws
    {
        let authority = try Certificates.makeAuthority(commonName: "Parapet CA", now: now)
        let request = LeafRequest(commonName: "x", dnsNames: [name], usages: [])
        #expect(throws: CryptoError.self) { try Certificates.issue(request, by: authority, now: now) }
    }

    @Test func `what is no PEM is refused`() {
        #expect(throws: CryptoError.malformed("no PEM of a certificate")) {
            try CertificateInfo(pem: Array("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8))
        }
        #expect(throws: CryptoError.self) { try CertificateInfo(pem: []) }
    }
}
