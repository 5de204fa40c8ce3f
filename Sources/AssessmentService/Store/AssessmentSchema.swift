import ServiceKit
import Storage

/// The schema of assessment.db. Findings have integer keys and no row of their own beside the key, since there are
/// many of them.
enum AssessmentSchema {
    static let migrations = [Migration(1, first), Migration(2, AuditLog.schema)]

    private static let first = """
        CREATE TABLE account (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
        -- What is needed of a control to show its findings and alerts, also after its file is gone.
        CREATE TABLE control (
            key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, severity INTEGER NOT NULL,
            type TEXT NOT NULL) STRICT;
        CREATE TABLE asset (
            key INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account, type TEXT NOT NULL,
            arn TEXT NOT NULL, region TEXT NOT NULL, UNIQUE (account, type, arn)) STRICT;
        CREATE INDEX asset_arn ON asset (arn);
        CREATE TABLE assessment (
            key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, account INTEGER NOT NULL REFERENCES account,
            sync TEXT NOT NULL UNIQUE, state INTEGER NOT NULL, created INTEGER NOT NULL, ended INTEGER,
            controls_total INTEGER NOT NULL DEFAULT 0, controls_done INTEGER NOT NULL DEFAULT 0,
            controls_failed INTEGER NOT NULL DEFAULT 0, passed INTEGER NOT NULL DEFAULT 0,
            failed INTEGER NOT NULL DEFAULT 0, unknown INTEGER NOT NULL DEFAULT 0,
            opened INTEGER NOT NULL DEFAULT 0, reopened INTEGER NOT NULL DEFAULT 0,
            resolved INTEGER NOT NULL DEFAULT 0, open INTEGER NOT NULL DEFAULT 0,
            problem TEXT NOT NULL DEFAULT '', change INTEGER NOT NULL DEFAULT 0) STRICT;
        CREATE INDEX assessment_account ON assessment (account, key);
        -- status: 1 pass, 2 fail, 3 unknown, 4 exempt; since: the assessment that gave the status first.
        CREATE TABLE finding (
            account INTEGER NOT NULL, control INTEGER NOT NULL, asset INTEGER NOT NULL, status INTEGER NOT NULL,
            reason TEXT NOT NULL, since INTEGER NOT NULL, PRIMARY KEY (account, control, asset))
            STRICT, WITHOUT ROWID;
        -- What the findings of a control rest on: as long as it is the same, so are they.
        CREATE TABLE evaluation (
            account INTEGER NOT NULL, control INTEGER NOT NULL, fingerprint TEXT NOT NULL,
            PRIMARY KEY (account, control)) STRICT, WITHOUT ROWID;
        -- state: 1 open, 2 resolved; times in milliseconds since 1970.
        CREATE TABLE alert (
            key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, account INTEGER NOT NULL, control INTEGER NOT NULL,
            asset INTEGER NOT NULL, state INTEGER NOT NULL, opened INTEGER NOT NULL, first_opened INTEGER NOT NULL,
            resolved INTEGER, resolution TEXT NOT NULL DEFAULT '', reopened INTEGER NOT NULL DEFAULT 0,
            confirmed INTEGER NOT NULL DEFAULT 1, reason TEXT NOT NULL, configuration TEXT NOT NULL DEFAULT '',
            change INTEGER NOT NULL DEFAULT 0, UNIQUE (account, control, asset)) STRICT;
        CREATE INDEX alert_control ON alert (control, asset);
        CREATE INDEX alert_asset ON alert (asset);
        CREATE TABLE alert_event (
            key INTEGER PRIMARY KEY AUTOINCREMENT, alert INTEGER NOT NULL, assessment INTEGER NOT NULL,
            event TEXT NOT NULL, time INTEGER NOT NULL, detail TEXT NOT NULL) STRICT;
        CREATE INDEX alert_event_alert ON alert_event (alert, key);
        """
}
