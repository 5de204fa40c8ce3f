import Storage

/// The schema of sync.db. Times are milliseconds since 1970; a state is the number of its enum in sync.proto.
enum Schema {
    static let migrations = [Migration(1, first), Migration(3, usage), Migration(4, history)]

    /// What a run called, and what part of the account it reads.
    static let usage = """
        CREATE TABLE run_usage (
          run INTEGER NOT NULL,
          service TEXT NOT NULL,
          region TEXT NOT NULL,
          calls INTEGER NOT NULL,
          retries INTEGER NOT NULL,
          throttles INTEGER NOT NULL,
          bytes INTEGER NOT NULL,
          peak INTEGER NOT NULL,
          PRIMARY KEY (run, service, region)) WITHOUT ROWID;
        -- Regions that are enabled and not chosen: what one call found there.
        CREATE TABLE run_region (
          run INTEGER NOT NULL,
          region TEXT NOT NULL,
          instances INTEGER NOT NULL,
          has_more INTEGER NOT NULL,
          code TEXT NOT NULL,
          newly_enabled INTEGER NOT NULL,
          PRIMARY KEY (run, region)) WITHOUT ROWID;
        -- Names with a space between; empty: all.
        ALTER TABLE run ADD COLUMN types TEXT NOT NULL DEFAULT '';
        ALTER TABLE run ADD COLUMN regions TEXT NOT NULL DEFAULT '';
        """

    private static let first = """
        CREATE TABLE account (
          k INTEGER PRIMARY KEY,
          id TEXT NOT NULL UNIQUE,
          name TEXT NOT NULL DEFAULT '',
          epoch TEXT NOT NULL,
          change INTEGER NOT NULL DEFAULT 0,
          every_hours INTEGER NOT NULL DEFAULT 24,
          schedule_off INTEGER NOT NULL DEFAULT 1,
          next_due INTEGER);
        CREATE INDEX account_name ON account (name COLLATE NOCASE);

        -- A scope and what is known of it. Its row stays when its region is no longer collected: `removed` then.
        CREATE TABLE scope (
          k INTEGER PRIMARY KEY,
          account INTEGER NOT NULL REFERENCES account (k),
          region TEXT NOT NULL,
          type TEXT NOT NULL,
          state INTEGER NOT NULL,
          code TEXT NOT NULL DEFAULT '',
          message TEXT NOT NULL DEFAULT '',
          operation TEXT NOT NULL DEFAULT '',
          assets INTEGER NOT NULL DEFAULT 0,
          assets_with_gaps INTEGER NOT NULL DEFAULT 0,
          complete_time INTEGER,
          attempt_time INTEGER,
          change INTEGER NOT NULL,
          removed INTEGER NOT NULL DEFAULT 0,
          UNIQUE (account, region, type));
        CREATE INDEX scope_change ON scope (account, change);

        CREATE TABLE asset (
          k INTEGER PRIMARY KEY,
          account INTEGER NOT NULL REFERENCES account (k),
          scope INTEGER NOT NULL REFERENCES scope (k),
          id TEXT NOT NULL,
          type TEXT NOT NULL,
          arn TEXT NOT NULL,
          name TEXT NOT NULL,
          region TEXT NOT NULL,
          tags TEXT NOT NULL,
          hash BLOB NOT NULL,
          fingerprint BLOB NOT NULL,
          version INTEGER NOT NULL,
          change INTEGER NOT NULL,
          first_seen INTEGER NOT NULL,
          version_time INTEGER NOT NULL,
          gaps TEXT,
          UNIQUE (scope, id));
        CREATE INDEX asset_change ON asset (account, change);
        CREATE INDEX asset_order ON asset (account, type, arn);
        CREATE INDEX asset_arn ON asset (arn);
        CREATE INDEX asset_gaps ON asset (scope) WHERE gaps IS NOT NULL;

        -- Each state that an asset had; of a removed one too.
        CREATE TABLE version (
          k INTEGER PRIMARY KEY,
          account INTEGER NOT NULL,
          asset INTEGER NOT NULL,
          change INTEGER NOT NULL,
          time INTEGER NOT NULL,
          hash BLOB NOT NULL,
          body BLOB NOT NULL);
        CREATE INDEX version_asset ON version (asset);
        CREATE INDEX version_account ON version (account);

        CREATE TABLE tombstone (
          account INTEGER NOT NULL,
          change INTEGER NOT NULL,
          asset INTEGER NOT NULL,
          type TEXT NOT NULL,
          arn TEXT NOT NULL,
          id TEXT NOT NULL,
          name TEXT NOT NULL,
          region TEXT NOT NULL,
          scope TEXT NOT NULL,
          time INTEGER NOT NULL,
          PRIMARY KEY (account, change)) WITHOUT ROWID;

        CREATE TABLE run (
          k INTEGER PRIMARY KEY,
          id TEXT NOT NULL UNIQUE,
          account INTEGER NOT NULL REFERENCES account (k),
          state INTEGER NOT NULL,
          cause INTEGER NOT NULL,
          create_time INTEGER NOT NULL,
          start_time INTEGER,
          end_time INTEGER,
          scopes_total INTEGER NOT NULL DEFAULT 0,
          scopes_done INTEGER NOT NULL DEFAULT 0,
          scopes_with_gaps INTEGER NOT NULL DEFAULT 0,
          assets_seen INTEGER NOT NULL DEFAULT 0,
          assets_changed INTEGER NOT NULL DEFAULT 0,
          api_calls INTEGER NOT NULL DEFAULT 0,
          retries INTEGER NOT NULL DEFAULT 0,
          throttles INTEGER NOT NULL DEFAULT 0,
          problem TEXT NOT NULL DEFAULT '',
          assessment INTEGER NOT NULL DEFAULT 0,
          assessment_id TEXT NOT NULL DEFAULT '',
          resumptions INTEGER NOT NULL DEFAULT 0,
          change INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX run_account ON run (account, k);
        CREATE INDEX run_open ON run (account, state) WHERE state IN (1, 2, 7);

        -- A wish and the run that fulfils it: two wishes may share one.
        CREATE TABLE run_key (
          account INTEGER NOT NULL,
          key TEXT NOT NULL,
          run INTEGER NOT NULL,
          PRIMARY KEY (account, key)) WITHOUT ROWID;

        -- Scopes that an unended run has finished, so that a resumed one does not repeat them.
        CREATE TABLE run_scope (
          run INTEGER NOT NULL,
          region TEXT NOT NULL,
          type TEXT NOT NULL,
          gap INTEGER NOT NULL,
          PRIMARY KEY (run, region, type)) WITHOUT ROWID;
        """
}
