extension Database {
    /// Commits a transaction that changes nothing, and so finds out whether one can be committed: the disk has room,
    /// the file can be written, nobody holds the lock.
    public func checkWritable() throws(StorageError) {
        try write { connection throws(StorageError) in
            // Writes the first page, with the number that it has.
            let version = try connection.first("PRAGMA user_version") { $0.int(0) } ?? 0
            try connection.script("PRAGMA user_version = \(version)")
        }
    }
}
