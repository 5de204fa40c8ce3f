import CSQLite

extension Connection {
    enum TransactionKind: String {
        /// Takes the write lock at once, so that a write cannot fail for a reader's sake in its middle.
        case immediate = "BEGIN IMMEDIATE"
        /// Sees one state of the database throughout.
        case deferred = "BEGIN"
    }

    /// Runs `body` in a transaction: committed when it returns, rolled back when it throws.
    borrowing func transaction<T>(
        _ kind: TransactionKind, _ body: (borrowing Connection) throws(StorageError) -> T
    ) throws(StorageError) -> T {
        try execute(kind.rawValue)
        hooks.actions.removeAll()
        let changes = sqlite3_total_changes64(handle)
        let result: T
        do throws(StorageError) {
            result = try body(self)
            if kind == .deferred && sqlite3_total_changes64(handle) != changes {
                throw StorageError(.misuse, "a write inside a read")
            }
            try execute("COMMIT")
        } catch {
            hooks.actions.removeAll()
            // SQLite has rolled back already after some errors, a full disk among them.
            if sqlite3_get_autocommit(handle) == 0 { _ = sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
            throw error
        }
        let actions = hooks.actions
        hooks.actions.removeAll()
        for action in actions { action() }
        return result
    }

    /// Runs `body` so that its changes alone are undone when it throws, while the surrounding write goes on.
    public borrowing func savepoint<T>(
        _ body: (borrowing Connection) throws(StorageError) -> T
    ) throws(StorageError) -> T {
        try execute("SAVEPOINT inner")
        do throws(StorageError) {
            let result = try body(self)
            try execute("RELEASE inner")
            return result
        } catch {
            if sqlite3_get_autocommit(handle) == 0 {
                _ = sqlite3_exec(handle, "ROLLBACK TO inner; RELEASE inner", nil, nil, nil)
            }
            throw error
        }
    }
}
