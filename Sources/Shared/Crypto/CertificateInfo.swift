import COpenSSL
public import Platform

/// What a certificate says.
public struct CertificateInfo: Sendable, Equatable {
    public var commonName: String?
    public var notBefore: WallTime
    public var notAfter: WallTime
    public var dnsNames: [String] = []
    /// 4 or 16 bytes each.
    public var ipAddresses: [[UInt8]] = []
    public var uris: [String] = []
    public var isAuthority: Bool
    /// SHA-256 of the DER form.
    public var fingerprint: [UInt8]

    /// Reads the first certificate of a PEM text.
    public init(pem: [UInt8]) throws(CryptoError) {
        let certificate = try X509Certificate(pem: pem)
        guard let begin = civilTime(X509_get0_notBefore(certificate.handle)),
            let end = civilTime(X509_get0_notAfter(certificate.handle))
        else { throw .malformed("a certificate without a validity") }
        (notBefore, notAfter) = (begin, end)
        isAuthority = X509_check_ca(certificate.handle) == 1
        fingerprint = [UInt8](repeating: 0, count: SHA256.digestLength)
        X509_digest(certificate.handle, EVP_sha256(), &fingerprint, nil)
        commonName = Self.commonName(certificate)
        readNames(certificate)
    }

    private static func commonName(_ certificate: borrowing X509Certificate) -> String? {
        var buffer = [CChar](repeating: 0, count: 256)
        let name = X509_get_subject_name(certificate.handle)
        let count = X509_NAME_get_text_by_NID(name, NID_commonName, &buffer, Int32(buffer.count))
        guard count >= 0 else { return nil }
        return String(decoding: buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private mutating func readNames(_ certificate: borrowing X509Certificate) {
        guard let found = X509_get_ext_d2i(certificate.handle, NID_subject_alt_name, nil, nil) else { return }
        let names = OpaquePointer(found)
        defer { GENERAL_NAMES_free(names) }
        for index in 0..<copenssl_name_count(names) {
            var (start, count): (UnsafePointer<UInt8>?, Int32) = (nil, 0)
            let kind = copenssl_name(names, index, &start, &count)
            let bytes = [UInt8](UnsafeBufferPointer(start: start, count: Int(count)))
            switch kind {
            case GEN_DNS: dnsNames.append(String(decoding: bytes, as: UTF8.self))
            case GEN_URI: uris.append(String(decoding: bytes, as: UTF8.self))
            case GEN_IPADD: ipAddresses.append(bytes)
            default: break
            }
        }
    }
}

private func civilTime(_ time: UnsafePointer<ASN1_TIME>?) -> WallTime? {
    var parts = tm()
    guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
    let date = CivilDate(
        year: Int64(parts.tm_year) + 1900, month: Int64(parts.tm_mon) + 1, day: Int64(parts.tm_mday),
        hour: Int64(parts.tm_hour), minute: Int64(parts.tm_min), second: Int64(parts.tm_sec))
    return date.map { WallTime($0) }
}
