import Glibc

/// Owns one file descriptor: cannot be copied, is closed exactly once.
public struct FileDescriptor: ~Copyable, Sendable {
    /// The number; valid as long as the owner lives.
    public let raw: Int32

    /// Takes over an open descriptor.
    public init(taking raw: Int32) {
        self.raw = raw
    }

    /// Opens `path`; the descriptor is not inherited by child processes.
    ///
    /// - Parameters:
    ///   - flags: `O_…`; `O_CLOEXEC` is added.
    ///   - mode: Permissions of a file that is made, less the umask.
    public init(opening path: String, flags: Int32, mode: UInt32 = 0o600) throws(FileError) {
        let raw = retryingInterrupts { open(path, flags | O_CLOEXEC, mode_t(mode)) }
        if raw < 0 { throw FileError(errno, "open", path) }
        self.raw = raw
    }

    deinit { _ = close(raw) }

    /// Reads until the end or until `limitBytes` are exceeded, which is an error.
    public borrowing func readAll(path: String, limitBytes: Int) throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let raw = self.raw
            let count = retryingInterrupts { chunk.withUnsafeMutableBytes { read(raw, $0.baseAddress, $0.count) } }
            if count < 0 { throw FileError(errno, "read", path) }
            if count == 0 { return bytes }
            if bytes.count + count > limitBytes { throw .tooLarge(path: path, limitBytes: limitBytes) }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    /// Writes all of `bytes`.
    public borrowing func writeAll(_ bytes: [UInt8], path: String) throws(FileError) {
        var offset = 0
        while offset < bytes.count {
            let (raw, from) = (self.raw, offset)
            let count = retryingInterrupts {
                bytes.withUnsafeBytes { write(raw, $0.baseAddress.map { $0 + from }, $0.count - from) }
            }
            if count < 0 { throw FileError(errno, "write", path) }
            offset += count
        }
    }
}

/// Calls `operation` again for as long as a signal interrupts it.
func retryingInterrupts<Number: SignedInteger>(_ operation: () -> Number) -> Number {
    while true {
        let result = operation()
        if result != -1 || errno != EINTR { return result }
    }
}
