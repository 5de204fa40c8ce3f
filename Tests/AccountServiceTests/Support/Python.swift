import Glibc
import JSON
import Platform
import Testing

/// The Python programs beside the tests, for what only AWS's users' own tools can tell.
enum Python {
    /// PARAPET_PYTHON, else the virtual environment in the package's root.
    static let interpreter: String? = {
        if let path = Environment.value("PARAPET_PYTHON") { return path }
        let path = "\(root)/.venv/bin/python3"
        return Files.exists(path) ? path : nil
    }()

    static let missing: Comment = "needs Python with moto, cfn-lint and python-hcl2: set PARAPET_PYTHON"

    /// The package's root, from this file's place in it.
    static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(
        separator: "/")

    struct Outcome {
        var status: Platform.ExitStatus
        var output: String
        var errors: String
    }

    /// Runs `Tests/Programs/PROGRAM` and gathers what it prints.
    static func run(_ program: String, _ arguments: [String]) async throws -> Outcome {
        let interpreter = try #require(Self.interpreter)
        let folder = try Files.createTemporaryDirectory(prefix: "parapet-python")
        defer { try? Files.removeTree(folder) }
        let (outPath, errorPath) = ("\(folder)/out", "\(folder)/errors")
        let out = open(outPath, O_WRONLY | O_CREAT, 0o600)
        let errors = open(errorPath, O_WRONLY | O_CREAT, 0o600)
        defer {
            close(out)
            close(errors)
        }
        let child = try ChildProcess.start(
            [interpreter, "\(root)/Tests/Programs/\(program)"] + arguments, output: .descriptor(out),
            error: .descriptor(errors))
        let status = await child.wait()
        return Outcome(
            status: status, output: String(decoding: try Files.read(outPath), as: UTF8.self),
            errors: String(decoding: try Files.read(errorPath), as: UTF8.self))
    }

    /// Runs a program on a file with this content.
    static func run(_ program: String, _ task: String, on text: String, named name: String) async throws -> Outcome {
        let folder = try Files.createTemporaryDirectory(prefix: "parapet-template")
        defer { try? Files.removeTree(folder) }
        try Files.writeAtomically(Array(text.utf8), to: "\(folder)/\(name)")
        return try await run(program, [task, "\(folder)/\(name)"])
    }
}
