import COpenSSL

/// Why a cryptographic operation failed. No case holds key material or plaintext.
public enum CryptoError: Error, Equatable, CustomStringConvertible {
    /// The key does not fit, or the data, its nonce, its tag or what it is bound to was changed. Which, is not told.
    case authenticationFailed
    case invalidKeyLength(expected: Int, got: Int)
    /// Text that is no PEM, or not of the kind expected.
    case malformed(String)
    /// OpenSSL's own words.
    case library(operation: String, reason: String)

    public var description: String {
        switch self {
        case .authenticationFailed: "the data cannot be authenticated: wrong key, or it was changed"
        case .invalidKeyLength(let expected, let got): "the key has \(got) bytes instead of \(expected)"
        case .malformed(let what): what
        case .library(let operation, let reason): "\(operation): \(reason)"
        }
    }

    /// The oldest error of this thread's queue in OpenSSL, which is emptied.
    static func last(_ operation: String) -> CryptoError {
        let code = ERR_get_error()
        ERR_clear_error()
        let reason = ERR_reason_error_string(code).map { String(cString: $0) } ?? "failed"
        return .library(operation: operation, reason: reason)
    }
}
