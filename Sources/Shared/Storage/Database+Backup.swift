import Platform

extension Database {
    /// Writes a consistent, compact copy of the database to a new file with permissions 0600, while others go on.
    ///
    /// - Throws: `io` when the file exists already.
    public func backup(to path: String) throws(StorageError) {
        guard !Files.exists(path) else { throw StorageError(.io, "\(path): exists already") }
        // SQLite writes into an empty file as into none, and keeps the permissions that it finds.
        try Connection.makePrivateFile(path)
        try maintain { connection throws(StorageError) in
            try connection.execute("VACUUM INTO ?1", [.text(path)])
        }
    }
}
