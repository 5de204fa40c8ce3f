import ServiceKit
import Storage

/// The history of account.db's schema.
enum AccountSchema {
    static let migrations = [Migration(1, first + Outbox.schema + AuditLog.schema)]

    private static let first = """
        CREATE TABLE account (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            name_key TEXT NOT NULL UNIQUE,
            state TEXT NOT NULL,
            role_arn TEXT,
            aws_account_id TEXT,
            revision INTEGER NOT NULL,
            external_id BLOB NOT NULL,
            external_id_key TEXT NOT NULL,
            candidate_revision INTEGER,
            candidate_role_arn TEXT,
            candidate_external_id BLOB,
            candidate_external_id_key TEXT,
            candidate_external_id_changed INTEGER,
            regions TEXT NOT NULL,
            schedule_hours INTEGER NOT NULL,
            schedule_off INTEGER NOT NULL,
            configuration_revision INTEGER NOT NULL,
            connection_edits INTEGER NOT NULL,
            create_ms INTEGER NOT NULL,
            update_ms INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX account_by_aws_account ON account (aws_account_id);

        -- The last test of the connection in use.
        CREATE TABLE connection_test (
            account_id TEXT PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
            revision INTEGER NOT NULL,
            aws_account_id TEXT NOT NULL,
            principal_arn TEXT NOT NULL,
            time_ms INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE connection_check (
            account_id TEXT NOT NULL REFERENCES connection_test (account_id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            outcome TEXT NOT NULL,
            message TEXT NOT NULL,
            PRIMARY KEY (account_id, position)
        ) STRICT, WITHOUT ROWID;

        """
}
