extension Schema {
    /// Places, tags that are found by an index, dictionaries, and versions that know what was otherwise before them.
    static let history = """
        -- Where assets of a type are: a list of assets goes through places in order, and within one by ARN.
        CREATE TABLE place (
          k INTEGER PRIMARY KEY,
          account INTEGER NOT NULL REFERENCES account (k),
          type TEXT NOT NULL,
          region TEXT NOT NULL,
          UNIQUE (account, type, region));
        INSERT INTO place (account, type, region) SELECT DISTINCT account, type, region FROM asset ORDER BY 1, 2, 3;

        -- A number is never given twice: versions and tombstones name an asset long after it is gone.
        CREATE TABLE new_asset (
          k INTEGER PRIMARY KEY AUTOINCREMENT,
          scope INTEGER NOT NULL REFERENCES scope (k),
          place INTEGER NOT NULL REFERENCES place (k),
          id TEXT NOT NULL,
          arn TEXT NOT NULL,
          name TEXT NOT NULL,
          tags TEXT NOT NULL,
          fingerprint BLOB NOT NULL,
          version INTEGER NOT NULL,
          change INTEGER NOT NULL,
          first_seen INTEGER NOT NULL,
          version_time INTEGER NOT NULL,
          gaps TEXT,
          UNIQUE (scope, id));
        INSERT INTO new_asset
        SELECT asset.k, scope, place.k, id, arn, name, tags, fingerprint, version, change, first_seen, version_time, gaps
        FROM asset JOIN place ON place.account = asset.account AND place.type = asset.type
          AND place.region = asset.region;
        INSERT INTO sqlite_sequence (name, seq) SELECT 'new_asset', 0
        WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'new_asset');
        UPDATE sqlite_sequence SET seq = max(seq, (SELECT coalesce(max(asset), 0) FROM version),
          (SELECT coalesce(max(asset), 0) FROM tombstone)) WHERE name = 'new_asset';

        -- Every state that an asset had; of a removed one too. Change numbers and rows rise together. `before` has what
        -- was otherwise in the version before, but for the body: an object of name, arn, region, tags and gaps.
        CREATE TABLE new_version (
          k INTEGER PRIMARY KEY,
          account INTEGER NOT NULL,
          asset INTEGER NOT NULL,
          change INTEGER NOT NULL,
          time INTEGER NOT NULL,
          before TEXT,
          body BLOB NOT NULL,
          dictionary INTEGER);
        -- Tags and gaps changed without a version: the latest one stands for them. Numbers of assets were given twice:
        -- what is older than its asset is another one's.
        INSERT INTO new_version (k, account, asset, change, time, body)
        SELECT version.k, version.account, version.asset,
          CASE WHEN asset.version = version.k THEN asset.change ELSE version.change END, version.time, version.body
        FROM version LEFT JOIN asset ON asset.k = version.asset
        WHERE asset.k IS NULL OR (asset.account = version.account AND version.time >= asset.first_seen);

        DROP TABLE version;
        DROP TABLE asset;
        ALTER TABLE new_asset RENAME TO asset;
        ALTER TABLE new_version RENAME TO version;
        CREATE INDEX asset_place ON asset (place, arn);
        CREATE INDEX asset_name ON asset (place, name) WHERE name <> '';
        CREATE INDEX asset_gaps ON asset (scope) WHERE gaps IS NOT NULL;
        CREATE INDEX version_asset ON version (asset);
        CREATE INDEX version_change ON version (account, change);

        CREATE TABLE dictionary (
          k INTEGER PRIMARY KEY AUTOINCREMENT,
          account INTEGER NOT NULL,
          type TEXT NOT NULL,
          trained INTEGER NOT NULL,
          bytes BLOB NOT NULL);
        CREATE INDEX dictionary_type ON dictionary (account, type);

        -- Which assets have a tag. A tag `Name` that is the asset's name is left out: `asset_name` finds it.
        CREATE TABLE tag (
          k INTEGER PRIMARY KEY,
          account INTEGER NOT NULL,
          key TEXT NOT NULL,
          value TEXT NOT NULL,
          UNIQUE (account, key, value));
        CREATE TABLE asset_tag (
          tag INTEGER NOT NULL,
          asset INTEGER NOT NULL,
          PRIMARY KEY (tag, asset)) WITHOUT ROWID;
        INSERT INTO tag (account, key, value)
        SELECT DISTINCT place.account, pair.key, pair.value
        FROM asset JOIN place ON place.k = asset.place, json_each(asset.tags) AS pair
        WHERE NOT (pair.key = 'Name' AND pair.value = asset.name);
        INSERT INTO asset_tag (tag, asset)
        SELECT tag.k, asset.k FROM asset JOIN place ON place.k = asset.place, json_each(asset.tags) AS pair
        JOIN tag ON tag.account = place.account AND tag.key = pair.key AND tag.value = pair.value
        WHERE NOT (pair.key = 'Name' AND pair.value = asset.name);

        UPDATE tombstone SET asset = 0 WHERE asset IN (SELECT k FROM asset);
        ALTER TABLE tombstone ADD COLUMN tags TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE tombstone ADD COLUMN gaps TEXT;
        ALTER TABLE tombstone ADD COLUMN first_seen INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX tombstone_asset ON tombstone (asset);
        CREATE INDEX tombstone_arn ON tombstone (arn);

        -- What the account was at this change number or later can be told; what it was earlier, in part only.
        ALTER TABLE account ADD COLUMN history INTEGER NOT NULL DEFAULT 0;
        UPDATE account SET history = change;
        """
}
