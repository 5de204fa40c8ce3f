import CSQLite

/// The stand-in of one table: what SQLite asks of it, in terms of the replica.
final class WatchedTable {
    let table: ReplicaTable
    let gaps: GapMap.TypeGaps
    private unowned let session: WatchSession
    /// In a child table: assets whose lists are not known, by ARN.
    private let hiddenLists: [String: GapMap.HiddenAsset]
    /// Combinations of columns that SQLite compares with values, by the number it remembers them by.
    private var plans: [[Int]] = []
    private var idle: [StatementKey: [OpaquePointer]] = [:]

    struct StatementKey: Hashable {
        var columns: [Int]
        var restriction: Int
    }

    init(_ table: ReplicaTable, _ gaps: GapMap.TypeGaps, _ session: WatchSession) {
        self.table = table
        self.gaps = gaps
        self.session = session
        let hidden = table.isChild ? gaps.hidden.filter { $0.gaps & table.rowsHiddenBy != 0 } : []
        hiddenLists = Dictionary(hidden.map { ($0.arn, $0) }, uniquingKeysWith: { $1 })
    }

    deinit { finalizeStatements() }

    func finalizeStatements() {
        for statement in idle.values.joined() { sqlite3_finalize(statement) }
        idle = [:]
    }

    var isJudged: Bool { session.judged == table.name }

    /// Whether equality with a value may be left to the replica: never for what may be unknown, or the row would be
    /// skipped without being noticed; and only for text, whose comparison does not depend on the other side's type.
    func canPush(_ column: Int) -> Bool {
        table.columns.indices.contains(column) && table.columns[column].kind == .text
            && table.columns[column].hiddenBy == 0
    }

    func plan(_ columns: [Int]) -> Int32 {
        if let found = plans.firstIndex(of: columns) { return Int32(found) }
        plans.append(columns)
        return Int32(plans.count - 1)
    }

    func columns(ofPlan number: Int32) -> [Int] {
        plans.indices.contains(Int(number)) ? plans[Int(number)] : []
    }

    // MARK: Scans

    /// A statement over the fresh rows: asset, gaps, row, then the columns. Its first parameters are the pushed columns'.
    func statement(_ key: StatementKey) -> OpaquePointer? {
        if let found = idle[key]?.popLast() { return found }
        let owner = table.isChild ? "x.rowid / \(ReplicaTable.positions)" : "x.rowid"
        var conditions = ["a.stale = 0"]
        for (index, column) in key.columns.enumerated() {
            conditions.append("x.\"\(table.columns[column].name)\" = ?\(index + 1)")
        }
        let next = key.columns.count + 1
        if key.restriction == 1 { conditions.append("x.region = ?\(next)") }
        if key.restriction == 2 { conditions.append("x.rowid = ?\(next)") }
        let sql = """
            SELECT a.id, a.gaps, x.rowid, \(table.columns.map { "x.\"\($0.name)\"" }.joined(separator: ", "))
            FROM main."\(table.name)" x CROSS JOIN main._asset a ON a.id = \(owner)
            WHERE \(conditions.joined(separator: " AND "))
            """
        var statement: OpaquePointer?
        let wasOpen = session.authorizer.isOpen
        session.authorizer.isOpen = true
        defer { session.authorizer.isOpen = wasOpen }
        guard sqlite3_prepare_v2(session.handle.pointer, sql, -1, &statement, nil) == SQLITE_OK else { return nil }
        return statement
    }

    func step(_ statement: OpaquePointer) -> Int32 { session.step(statement) }

    func giveBack(_ statement: OpaquePointer, _ key: StatementKey) {
        sqlite3_reset(statement)
        idle[key, default: []].append(statement)
    }

    /// Binds the restriction of the execution, if it concerns this table.
    func restriction() -> WatchSession.Restriction { isJudged ? session.restriction : .none }

    // MARK: What is not known

    func note(column: Int, asset: Int64, gaps rowGaps: Int64) {
        let hidden = table.columns[column].hiddenBy & rowGaps
        if hidden == 0 { return }
        if isJudged {
            session.touches.own[asset, default: 0] |= hidden
        } else {
            session.touches.note(.cell(type: table.typeIndex, asset: asset, calls: hidden))
        }
    }

    /// The known rows have all been handed out: what else there may be counts as read, unless it cannot be there.
    func noteEnd(arn: String?, region: String?) {
        if isJudged { return }
        if table.isChild { noteHiddenLists(arn: arn, region: region) }
        if gaps.unread.isEmpty { return }
        if let arn, session.holdsFresh(arn, type: table.typeName) { return }
        for (index, scope) in gaps.unread.enumerated() {
            if let region, let scope = scope.region, gaps.isListedInPlace, scope != region { continue }
            session.touches.note(.scope(type: table.typeIndex, index: index))
        }
    }

    private func noteHiddenLists(arn: String?, region: String?) {
        if hiddenLists.isEmpty || session.touches.isFull { return }
        if let arn {
            if let asset = hiddenLists[arn] { note(asset) }
            return
        }
        for asset in hiddenLists.values where region == nil || table.isGlobal || region == asset.region {
            note(asset)
            if session.touches.isFull { return }
        }
    }

    private func note(_ asset: GapMap.HiddenAsset) {
        session.touches.note(
            .cell(type: table.typeIndex, asset: asset.number, calls: asset.gaps & table.rowsHiddenBy))
    }
}

/// A scan under way.
final class WatchCursor {
    let table: WatchedTable
    private var statement: OpaquePointer?
    private var key = WatchedTable.StatementKey(columns: [], restriction: 0)
    private var arn: String?
    private var region: String?
    private(set) var isAtEnd = true
    /// Unique in the table: SQLite tells rows apart by it.
    private(set) var row: Int64 = 0
    private var asset: Int64 = 0
    private var gaps: Int64 = 0

    init(_ table: WatchedTable) { self.table = table }

    deinit { close() }

    private func close() {
        if let statement { table.giveBack(statement, key) }
        statement = nil
    }

    func filter(_ plan: Int32, _ values: UnsafeBufferPointer<OpaquePointer?>) -> Int32 {
        (arn, region, isAtEnd) = (nil, nil, true)
        let columns = table.columns(ofPlan: plan)
        var pushed: [(column: Int, value: OpaquePointer)] = []
        for (column, value) in zip(columns, values) {
            guard let value else { continue }
            switch sqlite3_value_type(value) {
            // Equality with NULL holds for no row, known or not.
            case SQLITE_NULL: return SQLITE_OK
            case SQLITE_TEXT: pushed.append((column, value))
            default: continue
            }
        }
        guard prepare(pushed.map(\.column)), let statement else { return SQLITE_ERROR }
        for (index, (column, value)) in pushed.enumerated() {
            sqlite3_bind_value(statement, Int32(index + 1), value)
            let name = table.table.columns[column].name
            if name == "arn" { arn = text(value) }
            if name == "region" { region = text(value) }
        }
        bindRestriction(at: Int32(pushed.count + 1))
        return advance()
    }

    private func prepare(_ columns: [Int]) -> Bool {
        let restriction =
            switch table.restriction() {
            case .none: 0
            case .region: 1
            case .asset: 2
            }
        let wanted = WatchedTable.StatementKey(columns: columns, restriction: restriction)
        if statement == nil || wanted != key {
            close()
            key = wanted
            statement = table.statement(wanted)
        }
        if let statement { sqlite3_reset(statement) }
        return statement != nil
    }

    private func bindRestriction(at index: Int32) {
        guard let statement else { return }
        switch table.restriction() {
        case .none: break
        case .region(let name): _ = csqlite_bind_text(statement, index, name, UInt64(name.utf8.count))
        case .asset(let number): sqlite3_bind_int64(statement, index, number)
        }
    }

    func advance() -> Int32 {
        guard let statement else { return SQLITE_ERROR }
        switch table.step(statement) {
        case SQLITE_ROW:
            isAtEnd = false
            asset = sqlite3_column_int64(statement, 0)
            gaps = sqlite3_column_int64(statement, 1)
            row = sqlite3_column_int64(statement, 2)
            return SQLITE_OK
        case SQLITE_DONE:
            isAtEnd = true
            table.noteEnd(arn: arn, region: region)
            return SQLITE_OK
        case let code: return code
        }
    }

    func column(_ column: Int32, _ context: OpaquePointer?) {
        guard let statement, table.table.columns.indices.contains(Int(column)) else { return }
        let standIn = table.table.columns[Int(column)].standIn
        if standIn == nil || gaps == 0 || columnText(statement, column + 3) == standIn {
            table.note(column: Int(column), asset: asset, gaps: gaps)
        }
        sqlite3_result_value(context, sqlite3_column_value(statement, column + 3))
    }

    private func text(_ value: OpaquePointer) -> String {
        guard let start = sqlite3_value_text(value) else { return "" }
        let count = Int(sqlite3_value_bytes(value))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }
}
