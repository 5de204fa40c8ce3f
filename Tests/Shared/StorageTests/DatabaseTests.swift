import Glibc
import Platform
import Storage
import Testing

private let schema = [
    Migration(1, "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, body BLOB) STRICT")
]

private func add(_ name: String, to database: Database) async throws(StorageError) {
    try await database.write { connection throws(StorageError) in
        try connection.execute("INSERT INTO item (name) VALUES (?1)", [.text(name)])
    }
}

private func count(in database: Database) async throws(StorageError) -> Int64 {
    try await database.read { connection throws(StorageError) in
        try connection.first("SELECT count(*) FROM item") { row in row.int(0) } ?? -1
    }
}

@Suite struct DatabaseTests {
    @Test func `a value comes back as it was bound`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await Database.open(path: directory + "/a.db", migrations: [])
            let values: [SQLValue] = [
                nil, 5, 2.5, "text with \0 inside", "", .blob([0, 1, 255]), .blob([]), .integer(.min),
            ]
            let read = try await database.read { connection throws(StorageError) in
                try connection.first("SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8", values) { row in
                    (0..<row.columnCount).map { row.value($0) }
                }
            }
            #expect(read == values)
            await database.close()
        }
    }

    @Test func `a write that throws leaves nothing behind and the database usable`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await Database.open(path: directory + "/a.db", migrations: schema)
            let error = await #expect(throws: StorageError.self) {
                try await database.write { connection throws(StorageError) in
                    try connection.execute("INSERT INTO item (name) VALUES ('a')")
                    try connection.execute("INSERT INTO item (name) VALUES ('a')")
                }
            }
            #expect(error?.kind == .constraint)
            #expect(try await count(in: database) == 0)
            try await add("b", to: database)
            #expect(try await count(in: database) == 1)
        }
    }

    @Test func `a read may not write`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await Database.open(path: directory + "/a.db", migrations: schema)
            await #expect(throws: StorageError(.misuse, "a write inside a read")) {
                try await database.read { connection throws(StorageError) in
                    try connection.execute("INSERT INTO item (name) VALUES ('a')")
                }
            }
            #expect(try await count(in: database) == 0)
        }
    }

    @Test func `the same query may run inside itself`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await Database.open(path: directory + "/a.db", migrations: schema)
            for name in ["a", "b"] { try await add(name, to: database) }
            let pairs = try await database.read { connection throws(StorageError) in
                let sql = "SELECT name FROM item ORDER BY name"
                return try connection.rows(sql) { outer throws(StorageError) in
                    let name = outer.text(0)
                    return try connection.rows(sql) { inner in name + inner.text(0) }
                }.flatMap { $0 }
            }
            #expect(pairs == ["aa", "ab", "ba", "bb"])
        }
    }

    @Test func `one prepared statement writes many rows in one transaction`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await Database.open(path: directory + "/a.db", migrations: schema)
            try await database.write { connection throws(StorageError) in
                let insert = try connection.prepare("INSERT INTO item (id, name) VALUES (?1, ?2)")
                for number in 1...5000 { try insert.run([.integer(Int64(number)), .text("n\(number)")]) }
            }
            #expect(try await count(in: database) == 5000)
        }
    }

    @Test func `execute counts the rows that it changed`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await Database.open(path: directory + "/a.db", migrations: schema)
            for name in ["a", "b"] { try await add(name, to: database) }
            let counts = try await database.write { connection throws(StorageError) in
                [
                    try connection.execute("UPDATE item SET body = x'00'"),
                    try connection.execute("UPDATE item SET body = x'01' WHERE name = 'none'"),
                    try connection.execute("DELETE FROM item WHERE name = 'a'"),
                ]
            }
            #expect(counts == [2, 0, 1])
        }
    }

    @Test func `a savepoint undoes its own part only`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await Database.open(path: directory + "/a.db", migrations: schema)
            try await database.write { connection throws(StorageError) in
                try connection.execute("INSERT INTO item (name) VALUES ('kept')")
                do throws(StorageError) {
                    try connection.savepoint { inner throws(StorageError) in
                        try inner.execute("INSERT INTO item (name) VALUES ('lost')")
                        try inner.execute("INSERT INTO item (name) VALUES ('kept')")
                    }
                } catch {}
            }
            #expect(try await count(in: database) == 1)
        }
    }

    @Test func `actions after a commit run after it and not after a rollback`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await Database.open(path: directory + "/a.db", migrations: schema)
            let (events, continuation) = AsyncStream<String>.makeStream()
            try? await database.write { connection throws(StorageError) in
                connection.afterCommit { continuation.yield("rolled back") }
                throw StorageError(.other, "stop")
            }
            try await database.write { connection throws(StorageError) in
                connection.afterCommit { continuation.yield("committed") }
            }
            continuation.finish()
            var seen: [String] = []
            for await event in events { seen.append(event) }
            #expect(seen == ["committed"])
        }
    }

    @Test func `the wrong number of values is refused`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await Database.open(path: directory + "/a.db", migrations: schema)
            let error = await #expect(throws: StorageError.self) {
                try await database.read { connection throws(StorageError) in
                    try connection.first("SELECT ?1, ?2", [1]) { row in row.int(0) }
                }
            }
            #expect(error?.kind == .misuse)
        }
    }

    @Test func `the file is private and a closed database refuses`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/a.db"
            let database = try await Database.open(path: path, migrations: schema)
            #expect(try Files.isPrivate(path))
            #expect(try Files.isPrivate(path + "-wal"))
            await database.close()
            await database.close()
            await #expect(throws: StorageError(.misuse, "the database is closed")) { try await count(in: database) }
        }
    }

    @Test func `a backup is a private database with the same rows, and replaces nothing`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await Database.open(path: directory + "/a.db", migrations: schema)
            try await add("a", to: database)
            try await database.backup(to: directory + "/b.db")
            #expect(try Files.isPrivate(directory + "/b.db"))
            try await add("later", to: database)
            let copy = try await Database.open(path: directory + "/b.db", migrations: schema)
            #expect(try await count(in: copy) == 1)
            let error = await #expect(throws: StorageError.self) {
                try await database.backup(to: directory + "/b.db")
            }
            #expect(error?.kind == .io)
        }
    }

    @Test func `more statements than the cache holds run all the same`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await Database.open(path: directory + "/a.db", migrations: schema)
            let sum = try await database.read { connection throws(StorageError) in
                var sum: Int64 = 0
                for _ in 0..<2 {
                    for number in 0..<300 { sum += try connection.first("SELECT \(number)") { row in row.int(0) } ?? 0 }
                }
                return sum
            }
            #expect(sum == 2 * 299 * 150)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a database that nobody holds any more gives its thread back`() async throws {
        try await withTemporaryDirectory { directory in
            weak var released: Database?
            do {
                let database = try await Database.open(path: directory + "/a.db", migrations: schema)
                released = database
                try await add("a", to: database)
            }
            while released != nil { try await Task.sleep(for: .milliseconds(1)) }
            // Every thread of a database carries its name.
            func threads() throws -> Int {
                try Files.list("/proc/self/task").count {
                    (try? Files.read("/proc/self/task/\($0)/comm")) == Array("sqlite\n".utf8)
                }
            }
            let before = try threads()
            for number in 0..<40 {
                _ = try await Database.open(path: directory + "/\(number).db", migrations: schema)
            }
            // Other tests have theirs, a few at a time.
            while try threads() >= before + 30 { try await Task.sleep(for: .milliseconds(5)) }
        }
    }

    @Test func `many tasks write one after another`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await Database.open(path: directory + "/a.db", migrations: schema, durability: .normal)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 { group.addTask { try await add("n\(number)", to: database) } }
                try await group.waitForAll()
            }
            #expect(try await count(in: database) == 200)
        }
    }
}

/// Runs `body` with a directory that is removed afterwards.
func withTemporaryDirectory<T>(_ body: (String) async throws -> T) async throws -> T {
    let directory = try Files.createTemporaryDirectory(prefix: "parapet-test-")
    do {
        let result = try await body(directory)
        try Files.removeTree(directory)
        return result
    } catch {
        try Files.removeTree(directory)
        throw error
    }
}
