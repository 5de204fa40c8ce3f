import Platform
import ServiceKit
import Storage
import Testing

private func open(_ directory: String) async throws -> (Database, AuditLog) {
    let database = try await Database.open(path: directory + "/a.db", migrations: [Migration(1, AuditLog.schema)])
    return (database, AuditLog(database: database, clock: ManualClock()))
}

private func event(_ action: String, account: String = "a", detail: String = "") -> AuditEvent {
    AuditEvent(callerKind: "person", callerName: "kim", action: action, accountID: account, detail: detail)
}

@Suite struct AuditLogTests {
    @Test func `events come back in order, by account and newest first`() async throws {
        try await withTemporaryDirectory { directory in
            let (_, log) = try await open(directory)
            for number in 1...5 { try await log.append(event("act\(number)", account: number % 2 == 0 ? "a" : "b")) }
            #expect(try await log.records(limit: 2).map(\.event.action) == ["act1", "act2"])
            #expect(try await log.records(after: 2, limit: 9).map(\.sequence) == [3, 4, 5])
            #expect(try await log.records(limit: 9, accountID: "a").map(\.event.action) == ["act2", "act4"])
            #expect(try await log.records(limit: 2, newestFirst: true).map(\.sequence) == [5, 4])
            #expect(try await log.records(after: 4, limit: 2, newestFirst: true).map(\.sequence) == [3, 2])
            #expect(try await log.records(limit: 1)[0].event == event("act1", account: "b"))
            #expect(try await log.verify() == nil)
        }
    }

    @Test func `an event of a change that is rolled back is not there`() async throws {
        try await withTemporaryDirectory { directory in
            let (database, log) = try await open(directory)
            try? await database.write { connection throws(StorageError) in
                try log.append(event("x"), on: connection)
                throw StorageError(.other, "stop")
            }
            #expect(try await log.records(limit: 1).isEmpty)
            try await log.append(event("y"))
            #expect(try await log.records(limit: 9).map(\.sequence) == [1])
        }
    }

    @Test(arguments: [
        "UPDATE audit SET detail = 'x'", "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT 1, time, caller_kind, 'eve', action, account_id, outcome, detail, hash FROM audit",
        "INSERT INTO audit SELECT 7, time, caller_kind, 'eve', action, account_id, outcome, detail, hash FROM audit",
    ]) func `the table refuses to be changed`(sql: String) async throws {
        try await withTemporaryDirectory { directory in
            let (database, log) = try await open(directory)
            try await log.append(event("x"))
            let error = await #expect(throws: StorageError.self) {
                try await database.write { connection throws(StorageError) in try connection.script(sql) }
            }
            #expect(error?.kind == .constraint)
            #expect(error?.message == "the audit log is append-only")
        }
    }

    @Test(arguments: [
        ("UPDATE audit SET detail = 'harmless' WHERE sequence = 3", Int64(3)),
        ("UPDATE audit SET outcome = 'other' WHERE sequence = 1", 1),
        ("UPDATE audit SET caller_name = 'ki', action = 'mact' WHERE sequence = 2", 2),
        ("DELETE FROM audit WHERE sequence = 4", 4),
        ("UPDATE audit SET hash = zeroblob(32) WHERE sequence = 5", 5),
        ("UPDATE audit SET time = time + 1 WHERE sequence = 5", 5),
    ]) func `a row changed past the triggers is found`(sql: String, first: Int64) async throws {
        try await withTemporaryDirectory { directory in
            let (database, log) = try await open(directory)
            for _ in 1...6 { try await log.append(event("act", detail: "opened the door")) }
            try await database.write { connection throws(StorageError) in
                try connection.script("DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; \(sql)")
            }
            #expect(try await log.verify() == first)
        }
    }

    @Test func `a long log verifies in parts`() async throws {
        try await withTemporaryDirectory { directory in
            let (database, log) = try await open(directory)
            try await database.write { connection throws(StorageError) in
                for number in 1...2500 { try log.append(event("act\(number)"), on: connection) }
            }
            #expect(try await log.verify() == nil)
        }
    }
}
