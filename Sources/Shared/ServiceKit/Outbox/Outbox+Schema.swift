extension Outbox {
    /// A service adds it to its own migrations.
    public static let schema = """
        CREATE TABLE outbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            destination TEXT NOT NULL,
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            account_id TEXT NOT NULL,
            payload BLOB NOT NULL,
            created_at INTEGER NOT NULL,  -- milliseconds since 1970, as not_before
            not_before INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            last_error TEXT,
            refused_at INTEGER            -- NULL while it waits
        ) STRICT;
        CREATE UNIQUE INDEX outbox_key ON outbox (key) WHERE refused_at IS NULL;
        CREATE INDEX outbox_waiting ON outbox (destination, account_id, id) WHERE refused_at IS NULL;
        CREATE INDEX outbox_refused ON outbox (refused_at) WHERE refused_at IS NOT NULL;
        """
}
