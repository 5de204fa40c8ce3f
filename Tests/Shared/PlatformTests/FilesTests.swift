import Glibc
import Platform
import Testing

@Suite struct FilesTests {
    @Test func `a file is replaced whole, with the mode asked for, and nothing is left beside it`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/file"
            try Files.writeAtomically([1, 2], to: path)
            try Files.writeAtomically([3], to: path, mode: 0o644)
            #expect(try Files.read(path) == [3])
            #expect(try Files.mode(of: path) == 0o644)
            #expect(try !Files.isPrivate(path))
            #expect(try Files.list(directory) == ["file"])
        }
    }

    @Test func `a read stops at its limit`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/file"
            try Files.writeAtomically(Array(repeating: 7, count: 100_000), to: path)
            #expect(try Files.read(path, limitBytes: 100_000).count == 100_000)
            #expect(throws: FileError.tooLarge(path: path, limitBytes: 99_999)) {
                try Files.read(path, limitBytes: 99_999)
            }
        }
    }

    @Test func `errors name the path and the reason`() {
        #expect(throws: FileError.notFound(path: "/nonexistent/x")) { try Files.read("/nonexistent/x") }
        #expect(FileError.notFound(path: "/x").description == "/x: no such file or directory")
        #expect(FileError(EISDIR, "read", "/x").description == "/x: read: Is a directory")
    }

    @Test func `a tree is removed without following links`() throws {
        try withTemporaryDirectory { directory in
            try Files.createDirectory(directory + "/a/b/c")
            try Files.createDirectory(directory + "/a/b/c")
            #expect(try Files.isPrivate(directory + "/a/b"))
            try Files.writeAtomically([1], to: directory + "/kept")
            #expect(symlink(directory + "/kept", directory + "/a/link") == 0)
            try Files.removeTree(directory + "/a")
            try Files.removeTree(directory + "/a")
            #expect(try Files.list(directory) == ["kept"])
        }
    }
}

/// Runs `body` with a directory that is removed afterwards.
func withTemporaryDirectory<T>(_ body: (String) throws -> T) throws -> T {
    let directory = try Files.createTemporaryDirectory(prefix: "parapet-test-")
    defer { try? Files.removeTree(directory) }
    return try body(directory)
}
