import Storage
import SyncService

/// The states of each asset in a store of the sync service, in order, with their bodies unfolded: which dictionary a body
/// was made with depends on what came first.
public func storedVersions(_ path: String) async throws -> [String] {
    let database = try await Database.open(path: path, migrations: [], readOnly: true)
    let codec = BodyCodec()
    let states = try await database.read { connection throws(StorageError) in
        var states: [Int64: String] = [:]
        let query = """
            SELECT asset, body, dictionary, before,
              coalesce((SELECT id FROM asset WHERE k = version.asset),
                (SELECT id FROM tombstone WHERE asset = version.asset), 'nobody')
            FROM version ORDER BY k
            """
        try connection.query(query) { row throws(StorageError) in
            let body = String(decoding: try codec.expand(row, 1, connection), as: UTF8.self)
            let (before, id) = (row.text(3), row.text(4))
            states[row.int(0), default: id] += " " + body + before
            return true
        }
        return states.values.sorted()
    }
    await database.close()
    return states
}
