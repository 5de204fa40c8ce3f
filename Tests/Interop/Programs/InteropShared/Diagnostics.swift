import Glibc

/// Standard error.
public enum Diagnostics {
    public static func print(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}
