import CSQLite

/// The virtual table module behind ``WatchSession``: nothing but the way from SQLite's callbacks to ``WatchedTable``.
enum WatchModule {
    static let name = "parapet_watch"

    static func register(for session: WatchSession) {
        sqlite3_create_module_v2(
            session.handle.pointer, name, watchModule, Unmanaged.passUnretained(session).toOpaque(), nil)
    }
}

/// SQLite takes our structures for its own, which stand first in them.
private struct TableBox {
    var base = sqlite3_vtab()
    var table: Unmanaged<WatchedTable>
}

private struct CursorBox {
    var base = sqlite3_vtab_cursor()
    var cursor: Unmanaged<WatchCursor>
}

/// Made once and never changed or freed, as SQLite asks of a module: safe to share.
nonisolated(unsafe) private let watchModule: UnsafeMutablePointer<sqlite3_module> = {
    let module = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
    module.initialize(to: sqlite3_module())
    module.pointee.iVersion = 1
    module.pointee.xCreate = watchConnect
    module.pointee.xConnect = watchConnect
    module.pointee.xBestIndex = watchBestIndex
    module.pointee.xDisconnect = watchDisconnect
    module.pointee.xDestroy = watchDisconnect
    module.pointee.xOpen = watchOpen
    module.pointee.xClose = watchClose
    module.pointee.xFilter = watchFilter
    module.pointee.xNext = watchNext
    module.pointee.xEof = watchEof
    module.pointee.xColumn = watchColumn
    module.pointee.xRowid = watchRowid
    return module
}()

private func table(_ pointer: UnsafeMutablePointer<sqlite3_vtab>) -> WatchedTable {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: TableBox.self).pointee.table.takeUnretainedValue()
}

private func cursor(_ pointer: UnsafeMutablePointer<sqlite3_vtab_cursor>) -> WatchCursor {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: CursorBox.self).pointee.cursor.takeUnretainedValue()
}

private func watchConnect(
    _ database: OpaquePointer?, _ context: UnsafeMutableRawPointer?, _ count: Int32,
    _ arguments: UnsafePointer<UnsafePointer<CChar>?>?,
    _ result: UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab>?>?,
    _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
    guard let context, count >= 3, let name = arguments?[2], let result else { return SQLITE_ERROR }
    let session = Unmanaged<WatchSession>.fromOpaque(context).takeUnretainedValue()
    guard let table = session.definition(String(cString: name)) else { return SQLITE_ERROR }
    let code = sqlite3_declare_vtab(database, "CREATE TABLE x(\(table.table.declaration))")
    guard code == SQLITE_OK else { return code }
    let box = UnsafeMutablePointer<TableBox>.allocate(capacity: 1)
    box.initialize(to: TableBox(table: .passRetained(table)))
    result.pointee = UnsafeMutableRawPointer(box).assumingMemoryBound(to: sqlite3_vtab.self)
    return SQLITE_OK
}

private func watchDisconnect(_ pointer: UnsafeMutablePointer<sqlite3_vtab>?) -> Int32 {
    guard let pointer else { return SQLITE_OK }
    let box = UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: TableBox.self)
    box.pointee.table.release()
    box.deinitialize(count: 1)
    box.deallocate()
    return SQLITE_OK
}

private func watchBestIndex(
    _ pointer: UnsafeMutablePointer<sqlite3_vtab>?, _ info: UnsafeMutablePointer<sqlite3_index_info>?
) -> Int32 {
    guard let pointer, let info else { return SQLITE_ERROR }
    let table = table(pointer)
    var columns: [Int] = []
    for index in 0..<Int(info.pointee.nConstraint) {
        let constraint = info.pointee.aConstraint[index]
        let column = Int(constraint.iColumn)
        guard constraint.usable != 0, constraint.op == UInt8(SQLITE_INDEX_CONSTRAINT_EQ), table.canPush(column),
            !columns.contains(column), let collation = sqlite3_vtab_collation(info, Int32(index)),
            String(cString: collation) == "BINARY"
        else { continue }
        columns.append(column)
        info.pointee.aConstraintUsage[index].argvIndex = Int32(columns.count)
    }
    info.pointee.idxNum = table.plan(columns)
    let names = Set(columns.map { table.table.columns[$0].name })
    // The judged table is cheapest to go through, so that the others are asked for one asset's rows at a time.
    let all = table.isJudged ? 10_000.0 : 1_000_000.0
    let rows = names.contains("arn") ? 4.0 : names.isEmpty ? all : names == ["region"] ? all / 10 : 50.0
    info.pointee.estimatedCost = rows * 4
    info.pointee.estimatedRows = Int64(rows)
    return SQLITE_OK
}

private func watchOpen(
    _ pointer: UnsafeMutablePointer<sqlite3_vtab>?,
    _ result: UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab_cursor>?>?
) -> Int32 {
    guard let pointer, let result else { return SQLITE_ERROR }
    let box = UnsafeMutablePointer<CursorBox>.allocate(capacity: 1)
    box.initialize(to: CursorBox(cursor: .passRetained(WatchCursor(table(pointer)))))
    result.pointee = UnsafeMutableRawPointer(box).assumingMemoryBound(to: sqlite3_vtab_cursor.self)
    return SQLITE_OK
}

private func watchClose(_ pointer: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> Int32 {
    guard let pointer else { return SQLITE_OK }
    let box = UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: CursorBox.self)
    box.pointee.cursor.release()
    box.deinitialize(count: 1)
    box.deallocate()
    return SQLITE_OK
}

private func watchFilter(
    _ pointer: UnsafeMutablePointer<sqlite3_vtab_cursor>?, _ plan: Int32, _ text: UnsafePointer<CChar>?,
    _ count: Int32, _ values: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    guard let pointer else { return SQLITE_ERROR }
    return cursor(pointer).filter(plan, UnsafeBufferPointer(start: values, count: Int(count)))
}

private func watchNext(_ pointer: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> Int32 {
    guard let pointer else { return SQLITE_ERROR }
    return cursor(pointer).advance()
}

private func watchEof(_ pointer: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> Int32 {
    guard let pointer else { return 1 }
    return cursor(pointer).isAtEnd ? 1 : 0
}

private func watchColumn(
    _ pointer: UnsafeMutablePointer<sqlite3_vtab_cursor>?, _ context: OpaquePointer?, _ column: Int32
) -> Int32 {
    guard let pointer else { return SQLITE_ERROR }
    cursor(pointer).column(column, context)
    return SQLITE_OK
}

private func watchRowid(
    _ pointer: UnsafeMutablePointer<sqlite3_vtab_cursor>?, _ result: UnsafeMutablePointer<sqlite3_int64>?
) -> Int32 {
    guard let pointer, let result else { return SQLITE_ERROR }
    result.pointee = cursor(pointer).row
    return SQLITE_OK
}
