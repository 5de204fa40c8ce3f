import Glibc
import Platform
import Storage
import Testing

@Suite struct FaultTests {
    private static let table = "CREATE TABLE item (id INTEGER PRIMARY KEY, body BLOB)"

    @Test func `a full disk is told apart, loses nothing that was committed and heals`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await Database.open(path: directory + "/a.db", migrations: [Migration(1, Self.table)])
            try await database.write { connection throws(StorageError) in
                try connection.execute("INSERT INTO item VALUES (1, x'00')")
                try connection.script("PRAGMA max_page_count = 4")
            }
            let error = await #expect(throws: StorageError.self) {
                try await database.write { connection throws(StorageError) in
                    try connection.execute("INSERT INTO item VALUES (2, zeroblob(1000000))")
                }
            }
            #expect(error?.kind == .full)
            try await database.write { connection throws(StorageError) in
                try connection.script("PRAGMA max_page_count = 100000")
                try connection.execute("INSERT INTO item VALUES (3, x'00')")
            }
            let ids = try await database.read { connection throws(StorageError) in
                try connection.rows("SELECT id FROM item ORDER BY id") { row in row.int(0) }
            }
            #expect(ids == [1, 3])
        }
    }

    /// Whether this user may mount a file system, which a disk that is really full takes.
    static let canMount = geteuid() == 0 && Files.exists("/proc/self/ns/mnt")

    @Test(.enabled(if: canMount)) func `a disk that is really full is told apart too, and heals`() async throws {
        try await withTemporaryDirectory { directory in
            let disk = directory + "/disk"
            try Files.createDirectory(disk)
            let mounted = try await ChildProcess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk])
            // A container may forbid it even to root.
            guard mounted.status.isSuccess else { return }
            do {
                try await fill(disk)
            } catch {
                _ = try await ChildProcess.run(["umount", disk])
                throw error
            }
            #expect(try await ChildProcess.run(["umount", disk]).status.isSuccess)
        }
    }

    private func fill(_ disk: String) async throws {
        let database = try await Database.open(path: disk + "/a.db", migrations: [Migration(1, Self.table)])
        try Files.writeAtomically([UInt8](repeating: 1, count: 200_000), to: disk + "/ballast")
        let error = await #expect(throws: StorageError.self) {
            try await database.write { connection throws(StorageError) in
                for id in 1...1000 {
                    try connection.execute("INSERT INTO item VALUES (?1, zeroblob(4000))", [.integer(Int64(id))])
                }
            }
        }
        #expect(error?.kind == .full)
        try Files.remove(disk + "/ballast")
        try await database.write { connection throws(StorageError) in
            try connection.execute("INSERT INTO item VALUES (1, x'00')")
        }
        let count = try await database.read { connection throws(StorageError) in
            try connection.first("SELECT count(*) FROM item") { row in row.int(0) }
        }
        #expect(count == 1)
        await database.close()
    }

    @Test func `a file that is no database is corrupt`() async throws {
        try await withTemporaryDirectory { directory in
            try Files.writeAtomically(Array(repeating: 65, count: 8192), to: directory + "/a.db")
            let error = await #expect(throws: StorageError.self) {
                try await Database.open(path: directory + "/a.db", migrations: [Migration(1, Self.table)])
            }
            #expect(error?.kind == .corrupt)
        }
    }

    @Test func `a write that another connection holds up is busy, not forever`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/a.db"
            let first = try await Database.open(path: path, migrations: [Migration(1, Self.table)])
            let second = try await Database.open(path: path, migrations: [], busyTimeout: .zero)
            try await first.maintain { connection throws(StorageError) in try connection.script("BEGIN IMMEDIATE") }
            let error = await #expect(throws: StorageError.self) {
                try await second.write { connection throws(StorageError) in try connection.script("SELECT 1") }
            }
            #expect(error?.kind == .busy)
            try await first.maintain { connection throws(StorageError) in try connection.script("COMMIT") }
            try await second.write { connection throws(StorageError) in try connection.script("SELECT 1") }
        }
    }

    @Test func `a directory that does not exist is an input error`() async throws {
        let error = await #expect(throws: StorageError.self) {
            try await Database.open(path: "/nonexistent/a.db", migrations: [])
        }
        #expect(error?.kind == .io)
    }
}
