import CSQLite
import Platform

extension Connection {
    /// Opens a file with the settings that all of Parapet's databases share.
    static func open(
        path: String, readOnly: Bool, durability: Database.Durability, busyTimeout: Duration
    ) throws(StorageError) -> Connection {
        if !readOnly { try makePrivateFile(path) }
        var handle: OpaquePointer?
        let access = readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        let code = sqlite3_open_v2(path, &handle, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard let handle else { throw StorageError(.other, "no memory") }
        guard code == SQLITE_OK else {
            let error = storageError(code, handle)
            sqlite3_close_v2(handle)
            throw StorageError(error.kind, "\(path): \(error.message)")
        }
        let connection = Connection(taking: handle)
        let milliseconds = busyTimeout.components.seconds * 1000
        sqlite3_busy_timeout(handle, Int32(clamping: milliseconds))
        try connection.script("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF")
        if !readOnly {
            try connection.script("PRAGMA journal_mode = WAL; PRAGMA synchronous = \(durability.rawValue)")
        }
        return connection
    }

    /// SQLite gives the WAL files the permissions of the database, so it suffices to make that one private first.
    static func makePrivateFile(_ path: String) throws(StorageError) {
        guard path != ":memory:", !Files.exists(path) else { return }
        do throws(FileError) {
            try Files.writeAtomically([], to: path, mode: 0o600)
        } catch {
            if case .noSpace = error { throw StorageError(.full, error.description) }
            throw StorageError(.io, error.description)
        }
    }
}
