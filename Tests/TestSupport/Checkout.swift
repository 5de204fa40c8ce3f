import Platform

/// Where the tests find what is not compiled into them.
public enum Checkout {
    /// The package's root folder.
    public static var root: String { Repository.root }

    /// A file of the package.
    public static func read(_ path: String) throws -> [UInt8] { try Files.read("\(root)/\(path)") }

    /// The Python with the packages that tests need: `PARAPET_PYTHON`, else the virtual environment that `make
    /// test` makes.
    public static var python: String { Environment.value("PARAPET_PYTHON") ?? "\(root)/.venv/bin/python3" }
}

extension Checkout {
    /// The names in a folder of the package, sorted.
    public static func names(_ path: String) throws -> [String] { try Files.list("\(root)/\(path)") }
}
