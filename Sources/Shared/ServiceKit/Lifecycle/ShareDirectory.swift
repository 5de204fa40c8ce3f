public import Platform

/// Where the data that comes with Parapet lies: catalogue, shapes, controls, descriptors.
public struct ShareDirectory: Sendable, Equatable {
    public let path: String

    public init(path: String) {
        self.path = path
    }

    /// Finds the directory: the one named by a flag or variable, else `../share/parapet` beside the executable, else,
    /// in a checkout, the package's own.
    ///
    /// - Parameters:
    ///   - explicit: The flag `--share` or the variable `PARAPET_SHARE`; it has to exist.
    ///   - executable: The running program.
    public static func find(
        explicit: String?, executable: String = "/proc/self/exe"
    ) throws(ConfigurationError) -> ShareDirectory {
        if let explicit {
            guard Files.isDirectory(explicit) else { throw .unusable("--share: \(explicit) is no directory") }
            return ShareDirectory(path: explicit)
        }
        let program: String
        do { program = try Files.realPath(executable) } catch { throw .unusable(error.description) }
        let installed = Files.parent(of: Files.parent(of: program)) + "/share/parapet"
        if Files.isDirectory(installed) { return ShareDirectory(path: installed) }
        var folder = Files.parent(of: program)
        while folder != "/" && folder != "." {
            if Files.exists(folder + "/Package.swift"), Files.isDirectory(folder + "/share/parapet") {
                return ShareDirectory(path: folder + "/share/parapet")
            }
            folder = Files.parent(of: folder)
        }
        throw .unusable("no share directory: neither \(installed) exists nor --share or PARAPET_SHARE names one")
    }

    /// The content of a file in it.
    public func read(_ name: String) throws(FileError) -> [UInt8] {
        try Files.read(path + "/" + name)
    }

    /// The names of a folder's files with an ending such as `.json`, sorted.
    public func list(_ folder: String, ending: String) throws(FileError) -> [String] {
        try Files.list(path + "/" + folder).filter { $0.hasSuffix(ending) }
    }
}
