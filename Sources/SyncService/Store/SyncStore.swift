import Crypto
import Platform
import Storage

/// sync.db: what was read from AWS, how completely, and the runs that read it.
///
/// One connection writes; another reads for lists, so that they wait for no write.
final class SyncStore: Sendable {
    let path: String
    let writer: Database
    let reader: Database
    /// Of what `writer` writes and compares,
    let writerCodec = BodyCodec()
    /// and of what `reader` reads.
    let codec = BodyCodec()
    let clock: any WallClock

    private init(path: String, writer: Database, reader: Database, clock: any WallClock) {
        self.path = path
        self.writer = writer
        self.reader = reader
        self.clock = clock
    }

    /// - Parameters:
    ///   - path: The file, made where there is none.
    ///   - extra: Tables of the service's kit that live in the same file (outbox, audit).
    static func open(
        path: String, extra: [Migration] = [], clock: any WallClock = SystemWallClock()
    ) async throws(StorageError) -> SyncStore {
        let writer = try await Database.open(path: path, migrations: Schema.migrations + extra)
        // Pages: 16 MB. A page that several transactions of a run change goes into the file once, not after each.
        try await writer.maintain { connection throws(StorageError) in
            try connection.script("PRAGMA wal_autocheckpoint = 4000")
        }
        let reader = try await Database.open(path: path, migrations: [], readOnly: true)
        return SyncStore(path: path, writer: writer, reader: reader, clock: clock)
    }

    func close() async {
        await reader.close()
        await writer.close()
    }

    /// Milliseconds since 1970.
    func now() -> Int64 { clock.now().unixMilliseconds }
}

/// Change numbers of one account within one transaction.
struct ChangeCounter {
    let account: Int64
    private(set) var last: Int64
    private let first: Int64

    init(account: Int64, on connection: borrowing Connection) throws(StorageError) {
        self.account = account
        last = try connection.first("SELECT change FROM account WHERE k = ?1", [.integer(account)]) { $0.int(0) } ?? 0
        first = last
    }

    mutating func next() -> Int64 {
        last += 1
        return last
    }

    func save(on connection: borrowing Connection) throws(StorageError) {
        guard last != first else { return }
        try connection.execute("UPDATE account SET change = ?2 WHERE k = ?1", [.integer(account), .integer(last)])
    }
}

extension Array where Element == UInt8 {
    /// Lower-case hexadecimal digits.
    var hexText: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// A new opaque id.
func newIdentifier(_ prefix: String) -> String { prefix + RandomBytes.generate(12).hexText }
