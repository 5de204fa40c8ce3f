import Crypto
public import Platform

/// The checks on a service's certificate, key and authority that OpenSSL does not make.
public enum TLSIdentity {
    /// Reads the files and refuses what would fail later or is unsafe: a key that others can read, a key of another
    /// certificate, an expired certificate, one that is not the service's.
    ///
    /// - Returns: When the certificate expires.
    public static func check(
        _ files: ServiceConfiguration.TLSFiles, service: ServiceName, now: WallTime
    ) throws(ConfigurationError) -> WallTime {
        let (certificate, key, authority): ([UInt8], [UInt8], [UInt8])
        let isPrivate: Bool
        do throws(FileError) {
            isPrivate = try Files.isPrivate(files.key)
            certificate = try Files.read(files.certificate)
            key = try Files.read(files.key)
            authority = try Files.read(files.authority)
        } catch {
            throw .unusable(error.description)
        }
        guard isPrivate else { throw .unusable("--tls-key: \(files.key) can be read by others; chmod 600 it") }
        do throws(CryptoError) {
            guard try Certificates.isPair(certificatePEM: certificate, privateKeyPEM: key) else {
                throw CryptoError.malformed("\(files.key) is not the key of \(files.certificate)")
            }
            let info = try CertificateInfo(pem: certificate)
            guard info.uris.contains(service.uri) else {
                throw CryptoError.malformed("\(files.certificate) does not name \(service.uri)")
            }
            guard now < info.notAfter else {
                throw CryptoError.malformed("\(files.certificate) expired at \(info.notAfter.rfc3339())")
            }
            guard try CertificateInfo(pem: authority).isAuthority else {
                throw CryptoError.malformed("\(files.authority) is not the certificate of an authority")
            }
            return info.notAfter
        } catch {
            throw .unusable("TLS: \(error)")
        }
    }
}
