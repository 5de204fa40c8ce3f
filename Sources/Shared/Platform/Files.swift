import Glibc

/// Whole-file operations. All of them block: call them at start, or from a thread that may wait.
public enum Files {
    /// The content of a file.
    public static func read(_ path: String, limitBytes: Int = 64 << 20) throws(FileError) -> [UInt8] {
        let file = try FileDescriptor(opening: path, flags: O_RDONLY)
        return try file.readAll(path: path, limitBytes: limitBytes)
    }

    /// Replaces a file so that a reader, or a crash at any instant, meets the old content or the new, never a part.
    ///
    /// - Parameter mode: Permissions, set exactly whatever the umask is.
    public static func writeAtomically(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o600) throws(FileError) {
        let temporary = "\(path).\(getpid()).\(UInt32.random(in: .min ... .max)).tmp"
        do throws(FileError) {
            let file = try FileDescriptor(opening: temporary, flags: O_WRONLY | O_CREAT | O_EXCL, mode: mode)
            if fchmod(file.raw, mode_t(mode)) != 0 { throw FileError(errno, "chmod", temporary) }
            try file.writeAll(bytes, path: temporary)
            if fsync(file.raw) != 0 { throw FileError(errno, "fsync", temporary) }
            if rename(temporary, path) != 0 { throw FileError(errno, "rename", path) }
        } catch {
            unlink(temporary)
            throw error
        }
        try synchronizeDirectory(parent(of: path))
    }

    /// Makes a directory; one that exists already is fine, and keeps its permissions.
    public static func createDirectory(_ path: String, mode: UInt32 = 0o700, parents: Bool = true) throws(FileError) {
        if mkdir(path, mode_t(mode)) == 0 { return }
        switch errno {
        case EEXIST where isDirectory(path): return
        case ENOENT where parents && parent(of: path) != path:
            try createDirectory(parent(of: path), mode: mode, parents: true)
            try createDirectory(path, mode: mode, parents: false)
        case let code: throw FileError(code, "mkdir", path)
        }
    }

    /// The names in a directory, sorted, without `.` and `..`.
    public static func list(_ path: String) throws(FileError) -> [String] {
        guard let directory = opendir(path) else { throw FileError(errno, "opendir", path) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    public static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    public static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Removes a file; a missing one is fine.
    public static func remove(_ path: String) throws(FileError) {
        if unlink(path) != 0 && errno != ENOENT { throw FileError(errno, "unlink", path) }
    }

    /// Removes a directory and all that it holds, without following symbolic links; a missing one is fine.
    public static func removeTree(_ path: String) throws(FileError) {
        var status = stat()
        if lstat(path, &status) != 0 {
            if errno == ENOENT { return }
            throw FileError(errno, "stat", path)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { return try remove(path) }
        for name in try list(path) { try removeTree(path + "/" + name) }
        if rmdir(path) != 0 && errno != ENOENT { throw FileError(errno, "rmdir", path) }
    }

    /// The permission bits, 0 to 0o7777.
    public static func mode(of path: String) throws(FileError) -> UInt32 {
        UInt32(try status(path).st_mode & 0o7777)
    }

    /// Whether neither the group nor others have any access.
    public static func isPrivate(_ path: String) throws(FileError) -> Bool {
        try mode(of: path) & 0o077 == 0
    }

    /// The size in bytes.
    public static func size(of path: String) throws(FileError) -> Int64 {
        Int64(try status(path).st_size)
    }

    /// What an unprivileged process may still write to the file system that the path is on.
    public static func freeBytes(_ path: String) throws(FileError) -> Int64 {
        var status = statvfs()
        if statvfs(path, &status) != 0 { throw FileError(errno, "statvfs", path) }
        let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return overflow ? .max : Int64(clamping: bytes)
    }

    /// When the content last changed.
    public static func modified(_ path: String) throws(FileError) -> WallTime {
        let time = try status(path).st_mtim
        return WallTime(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
    }

    /// Everything up to the last slash; `.` for a bare name, `/` for the root.
    public static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The path without symbolic links, `.` and `..`.
    public static func realPath(_ path: String) throws(FileError) -> String {
        guard let resolved = realpath(path, nil) else { throw FileError(errno, "realpath", path) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Makes a directory that only this user may enter, with a name nobody guesses, under `TMPDIR` or /tmp.
    public static func createTemporaryDirectory(prefix: String) throws(FileError) -> String {
        var template = Array("\(Environment.value("TMPDIR") ?? "/tmp")/\(prefix)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw FileError(errno, "mkdtemp", prefix) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Makes the names in a directory durable.
    private static func synchronizeDirectory(_ path: String) throws(FileError) {
        let directory = try FileDescriptor(opening: path, flags: O_RDONLY | O_DIRECTORY)
        if fsync(directory.raw) != 0 && errno != EINVAL { throw FileError(errno, "fsync", path) }
    }

    private static func status(_ path: String) throws(FileError) -> stat {
        var status = stat()
        if stat(path, &status) != 0 { throw FileError(errno, "stat", path) }
        return status
    }
}
