import COpenSSL

/// Unpredictable bytes, fit for keys.
public enum RandomBytes {
    public static func generate(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        // To go on without randomness would be worse than to end.
        precondition(RAND_bytes_ex(nil, &bytes, count, 0) == 1, "the system gives no random bytes")
        return bytes
    }
}

/// Comparisons whose time tells nothing about the content.
public enum ConstantTime {
    /// Whether both are equal; different lengths are told apart at once.
    public static func equals(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        a.count == b.count && CRYPTO_memcmp(a, b, a.count) == 0
    }
}
