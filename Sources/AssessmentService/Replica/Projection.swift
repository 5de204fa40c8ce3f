/// SQL that turns a configuration into the rows of a table. Parameters: ?1 the asset's number, ?2 the Parapet
/// account's AWS number, ?3 region, ?4 ARN, ?5 the configuration; for the type's own table ?6 id, ?7 name, ?8 tags.
struct Projection {
    static func insert(into table: ReplicaTable) -> String {
        let names = table.columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
        if let rows = table.rows {
            let values = table.columns.filter { $0.path != nil }.map { value($0, of: "e.value") }
            return """
                INSERT INTO "\(table.name)" (rowid, \(names))
                SELECT ?1 * \(ReplicaTable.positions) + e.key, ?2, ?3, ?4, e.key\(values.map { ", " + $0 }.joined())
                FROM json_each(?5, \(literal(rows))) e
                WHERE typeof(e.key) = 'integer' AND e.key < \(ReplicaTable.positions)
                """
        }
        let values = table.columns.filter { $0.path != nil }.map { value($0, of: "?5") }
        return """
            INSERT INTO "\(table.name)" (rowid, \(names))
            VALUES (?1, ?2, ?3, ?4, ?6, ?7, ?8\(values.map { ", " + $0 }.joined()))
            """
    }

    /// One cell. JSON's null reads as NULL everywhere. In a child table elements may be plain strings, which
    /// json_each hands out without their quotes; `$` is then the element itself.
    private static func value(_ column: ReplicaTable.Column, of document: String) -> String {
        let path = literal(column.path ?? "$")
        if document != "?5", column.path == "$" { return column.kind == .boolean ? truth("e.atom") : document }
        let json = document == "?5" ? document : "iif(e.type IN ('object', 'array'), e.value, 'null')"
        return switch column.kind {
        case .json: "nullif(\(json) -> \(path), 'null')"
        case .boolean: truth("\(json) ->> \(path)")
        case .text, .time, .integer, .real: "\(json) ->> \(path)"
        }
    }

    /// CSV reports and some services spell booleans as words.
    private static func truth(_ value: String) -> String {
        "CASE \(value) WHEN 'true' THEN 1 WHEN 'TRUE' THEN 1 WHEN 'false' THEN 0 WHEN 'FALSE' THEN 0 ELSE \(value) END"
    }

    private static func literal(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}
