import CSQLite

/// Why the database refused. `message` is SQLite's own and can hold names of tables and columns: for logs, not for peers.
public struct StorageError: Error, Equatable, CustomStringConvertible {
    public enum Kind: Sendable, Equatable {
        /// Another connection holds the lock, longer than the busy timeout.
        case busy
        /// No space left on the disk, or the page limit is reached.
        case full
        /// The file is damaged, or is no database.
        case corrupt
        /// A unique, foreign key, check or not-null rule, or a trigger's RAISE(ABORT).
        case constraint
        /// The program's mistake: bad SQL, a wrong number of values, a closed database.
        case misuse
        case io
        /// The database was written by a newer version of the program.
        case tooNew
        case other
    }

    public var kind: Kind
    public var message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    public var description: String { "\(kind): \(message)" }

    /// What an extended result code of SQLite stands for.
    static func kind(ofCode code: Int32) -> Kind {
        switch code & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED: .busy
        case SQLITE_FULL: .full
        case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
        case SQLITE_CONSTRAINT: .constraint
        case SQLITE_MISUSE, SQLITE_RANGE, SQLITE_ERROR: .misuse
        case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM: .io
        default: .other
        }
    }
}
