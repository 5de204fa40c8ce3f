import COpenSSL
import Crypto
import Glibc
import Platform

@testable import HTTP2

/// PEM files and certificates, as configuration names them and as peers send them.
///
/// An input is a first byte that says who reads it, a second with the length of what comes first where there are two
/// files, and the bytes.
enum CertificateTarget {
    static func run(_ input: [UInt8]) throws(Violation) {
        var choices = Choices(input)
        let reader = choices.below(5)
        let first = choices.take(reader < 2 ? choices.below(256) * 8 : 0)
        let rest = Array(choices.rest)
        switch reader {
        case 0: _ = try? Certificates.isPair(certificatePEM: rest, privateKeyPEM: first)
        case 1: try verify(rest, by: first)
        case 2: try info(rest)
        case 3: names(rest)
        default: files(rest)
        }
    }

    /// Nobody has made a key for these bytes, so nothing is vouched for but what signs itself.
    private static func verify(_ leaf: [UInt8], by authority: [UInt8]) throws(Violation) {
        let now = WallTime(unixSeconds: 1_800_000_000)
        for usage in [LeafRequest.Usage.serverAuth, .clientAuth] {
            _ = try? Certificates.verify(leafPEM: leaf, authorityPEM: authority, usage: usage, now: now)
        }
    }

    private static func info(_ pem: [UInt8]) throws(Violation) {
        guard let info = try? CertificateInfo(pem: pem) else { return }
        let again = try? CertificateInfo(pem: pem)
        try require(again == info, "the same bytes read differently")
        try require(info.fingerprint.count == 32, "a fingerprint of \(info.fingerprint.count) bytes")
    }

    /// What the stack reads of a peer's certificate, from the form that TLS carries.
    private static func names(_ der: [UInt8]) {
        der.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            guard let certificate = d2i_X509(nil, &start, bytes.count) else { return ERR_clear_error() }
            defer { X509_free(certificate) }
            _ = PeerCertificate.uriNames(certificate)
            _ = PeerCertificate.commonName(certificate)
        }
    }

    /// A file without a name.
    private static let file: Int32 = {
        var name = Array("/tmp/parapet-fuzz-XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        unlink(name)
        return descriptor
    }()

    /// The same file as certificate, key and authority.
    private static func files(_ bytes: [UInt8]) {
        guard ftruncate(file, 0) == 0, pwrite(file, bytes, bytes.count, 0) == bytes.count else { return }
        let path = "/proc/self/fd/\(file)"
        let identity = TLSContext.Identity(certFile: path, keyFile: path)
        _ = try? TLSContext.server(identity, clientCAFile: path)
        _ = try? TLSContext.client(nil, caFile: path)
    }
}
