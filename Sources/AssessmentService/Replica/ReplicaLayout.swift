/// The SQL that makes a replica: the typed tables, and beside them what controls never see (names with `_`).
enum ReplicaLayout {
    /// Goes up when this file, or how values are projected, changes: older replicas are made anew.
    static let version = 3

    static func tables(_ schema: ReplicaSchema) -> String {
        bookkeeping
            + schema.types.flatMap { schema.tables(of: $0) }
            .map { "CREATE TABLE \"\($0.name)\" (\($0.declaration));" }.joined(separator: "\n")
    }

    /// Kept off the copy that controls are checked on, so that each table there has one root page.
    static func indexes(_ schema: ReplicaSchema) -> String {
        schema.types.flatMap { schema.tables(of: $0) }.flatMap { table in
            table.columns.filter(isJoined).map {
                "CREATE INDEX \"_\(table.name).\($0.name)\" ON \"\(table.name)\" (\"\($0.name)\");"
            }
        }.joined(separator: "\n")
    }

    /// Columns that tables are joined by, by their names. Not the region: without statistics SQLite would take its
    /// index as readily as that of an id beside it, and read a region's rows for each one sought.
    private static func isJoined(_ column: ReplicaTable.Column) -> Bool {
        guard column.kind == .text, column.name != "account_id" else { return false }
        return column.name == "arn" || ["_id", "_arn", "_name", "_bucket"].contains { column.name.hasSuffix($0) }
    }

    private static let bookkeeping = """
        CREATE TABLE _meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE _asset (
          id INTEGER PRIMARY KEY, type TEXT NOT NULL, arn TEXT NOT NULL, region TEXT NOT NULL, scope TEXT NOT NULL,
          gaps INTEGER NOT NULL, stale INTEGER NOT NULL, change INTEGER NOT NULL, configuration TEXT NOT NULL,
          resource TEXT NOT NULL);
        CREATE UNIQUE INDEX _asset_arn ON _asset (type, arn);
        CREATE INDEX _asset_gaps ON _asset (type) WHERE gaps <> 0 OR stale <> 0;
        CREATE TABLE _gap (
          asset INTEGER NOT NULL, position INTEGER NOT NULL, call TEXT NOT NULL, code TEXT NOT NULL,
          message TEXT NOT NULL, PRIMARY KEY (asset, position)) WITHOUT ROWID;
        CREATE TABLE _coverage (
          type TEXT NOT NULL, region TEXT NOT NULL, complete INTEGER NOT NULL, code TEXT NOT NULL,
          message TEXT NOT NULL, PRIMARY KEY (type, region)) WITHOUT ROWID;
        CREATE TABLE _table (type TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID;

        """
}

extension ReplicaSchema {
    /// A resource type's own table, then its child tables.
    func tables(of type: ReplicaType) -> [ReplicaTable] {
        ([type.name] + type.children.map(\.name)).compactMap { tables[$0] }
    }
}
