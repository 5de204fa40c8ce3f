import Storage
import Testing

@Suite struct MigrationTests {
    private static let first = Migration(1, "CREATE TABLE a (x); INSERT INTO a VALUES (1)")
    private static let second = Migration(2, "ALTER TABLE a ADD COLUMN y DEFAULT 7")

    @Test func `migrations run once and in order`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/a.db"
            try await Database.open(path: path, migrations: [Self.first]).close()
            for _ in 0..<2 {
                let database = try await Database.open(path: path, migrations: [Self.second, Self.first])
                let rows = try await database.read { connection throws(StorageError) in
                    try connection.rows("SELECT x, y FROM a") { row in [row.int(0), row.int(1)] }
                }
                #expect(rows == [[1, 7]])
                await database.close()
            }
        }
    }

    @Test func `a failing migration leaves the version before it`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/a.db"
            let broken = Migration(2, "CREATE TABLE b (x); CREATE TABLE a (x)")
            await #expect(throws: StorageError.self) {
                try await Database.open(path: path, migrations: [Self.first, broken])
            }
            let database = try await Database.open(path: path, migrations: [Self.first])
            let tables = try await database.read { connection throws(StorageError) in
                try connection.rows("SELECT name FROM sqlite_schema") { row in row.text(0) }
            }
            #expect(tables == ["a"])
        }
    }

    @Test func `a database newer than the program is refused and untouched`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/a.db"
            try await Database.open(path: path, migrations: [Self.first, Self.second]).close()
            let error = await #expect(throws: StorageError.self) {
                try await Database.open(path: path, migrations: [Self.first])
            }
            #expect(error?.kind == .tooNew)
            _ = try await Database.open(path: path, migrations: [Self.first, Self.second])
        }
    }
}
