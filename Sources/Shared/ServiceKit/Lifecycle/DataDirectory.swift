import Glibc
import Platform

/// A service's data directory: private, and used by one process at a time.
public struct DataDirectory: ~Copyable, Sendable {
    public let path: String
    private let lock: FileDescriptor

    /// Makes the directory if need be, takes all access to it from others, and locks it until the value goes, or the
    /// process ends in whatever way.
    public init(locking path: String) throws(ConfigurationError) {
        let lockFile = path + "/lock"
        let descriptor: FileDescriptor
        do throws(FileError) {
            try Files.createDirectory(path, mode: 0o700)
            if try !Files.isPrivate(path), chmod(path, 0o700) != 0 {
                throw FileError(errno, "others have access, and it cannot be taken from them", path)
            }
            descriptor = try FileDescriptor(opening: lockFile, flags: O_RDWR | O_CREAT)
        } catch {
            throw .unusable("--data-dir: \(error)")
        }
        guard flock(descriptor.raw, LOCK_EX | LOCK_NB) == 0 else {
            throw .unusable("--data-dir: \(path) is in use by another process")
        }
        self.path = path
        lock = descriptor
    }

    /// Gives the directory free. Where it is called, the lock is certain to have been held until then.
    public consuming func unlock() {}
}
