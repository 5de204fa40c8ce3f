import CSQLite

/// A connection on which tables with a gap have stand-ins that note when something unknown is read.
///
/// SQLite is deterministic: an execution that never read an unknown value and never came to the end of a scan that
/// an unread scope belongs to is the same execution whatever the unknown is. So what it emitted is final.
final class WatchSession {
    /// To which rows of the judged table an execution is confined.
    enum Restriction: Equatable {
        case none
        case region(String)
        case asset(Int64)
    }

    let handle: SQLiteHandle
    let gaps: GapMap
    let authorizer: ControlAuthorizer
    private let schema: ReplicaSchema
    private var definitions: [String: WatchedTable] = [:]
    private let isFresh: SQLiteStatement

    var touches = Touches()
    var restriction = Restriction.none
    /// The table whose own values are noted by asset, and whose unread scopes concern no other row; nil for none.
    var judged: String?

    init(_ handle: SQLiteHandle, _ schema: ReplicaSchema, _ gaps: GapMap, _ authorizer: ControlAuthorizer)
        throws(EvaluationError)
    {
        self.handle = handle
        self.schema = schema
        self.gaps = gaps
        self.authorizer = authorizer
        isFresh = try handle.prepare("SELECT 1 FROM main._asset WHERE type = ?1 AND arn = ?2 AND stale = 0")
        WatchModule.register(for: self)
        // An automatic index would read every column of every row.
        try handle.script("PRAGMA automatic_index = OFF")
        for table in schema.tables.values.sorted(by: { $0.name < $1.name })
        where !gaps.types[table.typeIndex].isEmpty { try watch(table.name) }
    }

    deinit {
        // SQLite keeps the tables until the connection closes, which it does not while statements are left.
        for definition in definitions.values { definition.finalizeStatements() }
    }

    /// Puts a stand-in before a table, if there is none.
    func watch(_ name: String) throws(EvaluationError) {
        guard !authorizer.watched.contains(name), schema.tables[name] != nil else { return }
        try open { () throws(EvaluationError) in
            try handle.script("CREATE VIRTUAL TABLE temp.\"\(name)\" USING \(WatchModule.name)")
        }
        authorizer.watched.insert(name)
    }

    /// Takes away the stand-in of a table that has no gap.
    func unwatch(_ name: String) throws(EvaluationError) {
        guard authorizer.watched.contains(name), let table = schema.tables[name],
            gaps.types[table.typeIndex].isEmpty
        else { return }
        definitions[name]?.finalizeStatements()
        try open { () throws(EvaluationError) in try handle.script("DROP TABLE temp.\"\(name)\"") }
        definitions[name] = nil
        authorizer.watched.remove(name)
    }

    func definition(_ name: String) -> WatchedTable? {
        guard let table = schema.tables[name] else { return nil }
        if let found = definitions[name] { return found }
        let made = WatchedTable(table, gaps.types[table.typeIndex], self)
        definitions[name] = made
        return made
    }

    /// Whether the type has a fresh asset with this ARN; then no unread scope can hold another.
    func holdsFresh(_ arn: String, type: String) -> Bool {
        isFresh.bind(type, at: 1)
        isFresh.bind(arn, at: 2)
        defer { isFresh.reset() }
        return step(isFresh.pointer) == SQLITE_ROW
    }

    /// Steps a statement of the engine's own: SQLite may prepare it anew, under the authorizer.
    func step(_ statement: OpaquePointer) -> Int32 {
        let wasOpen = authorizer.isOpen
        authorizer.isOpen = true
        defer { authorizer.isOpen = wasOpen }
        return sqlite3_step(statement)
    }

    /// Runs statements of the engine's own.
    func open<T>(_ body: () throws(EvaluationError) -> T) throws(EvaluationError) -> T {
        let wasOpen = authorizer.isOpen
        authorizer.isOpen = true
        defer { authorizer.isOpen = wasOpen }
        return try body()
    }

    /// What an unknown verdict rests on, in AWS's words where AWS spoke.
    func reason(own asset: Int64? = nil) throws(EvaluationError) -> String {
        var texts: [String] = []
        if let asset, let calls = touches.own[asset] {
            texts += try words(asset: asset, calls: calls, of: judged.flatMap { schema.tables[$0]?.typeIndex }, nil)
        }
        for touch in touches.foreign {
            switch touch {
            case .scope(let type, let index): texts.append(gaps.types[type].unread[index].reason)
            case .cell(let type, let asset, let calls):
                let arn = gaps.types[type].hidden.first { $0.number == asset }?.arn
                texts += try words(asset: asset, calls: calls, of: type, arn)
            }
        }
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }.prefix(Touches.kept).joined(separator: "; ")
    }

    private func words(
        asset: Int64, calls: Int64, of type: Int?, _ arn: String?
    ) throws(EvaluationError) -> [String] {
        guard let type else { return [] }
        let schemaType = schema.types[type]
        let suffix = arn.map { " (\($0))" } ?? ""
        return try open { () throws(EvaluationError) in
            try handle.rows("SELECT call, code, message FROM main._gap WHERE asset = \(asset) ORDER BY position") {
                (call: $0.text(0), why: GapMap.words($0.text(1), $0.text(2)))
            }
        }.filter { schemaType.gapBits(of: $0.call) & calls != 0 }.map { "\($0.call): \($0.why)\(suffix)" }
    }
}
