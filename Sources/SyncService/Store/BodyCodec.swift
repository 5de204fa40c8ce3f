package import Storage
import Synchronization

/// Turns bodies of versions into what is stored, and back, with the dictionaries of a database.
///
/// One for each connection, so that none waits for another.
package final class BodyCodec: Sendable {
    /// Dictionaries that are kept ready: some 50 to 150 kB each.
    private static let readyLimit = 64

    private struct State: ~Copyable {
        let zstd = Zstd()
        private var ready: [Int64: (dictionary: ZstdDictionary, lastUse: Int)] = [:]
        private var uses = 0

        func has(_ key: Int64) -> Bool { ready[key] != nil }

        mutating func add(_ key: Int64, _ bytes: [UInt8]) {
            if ready.count >= BodyCodec.readyLimit, let oldest = ready.min(by: { $0.value.lastUse < $1.value.lastUse })
            {
                ready[oldest.key] = nil
            }
            ready[key] = (ZstdDictionary(bytes), uses)
        }

        mutating func take(_ key: Int64) -> ZstdDictionary? {
            uses += 1
            ready[key]?.lastUse = uses
            return ready[key]?.dictionary
        }

        mutating func forget() { ready = [:] }
    }

    private enum Outcome {
        case done([UInt8]?)
        /// The dictionary was forgotten meanwhile.
        case unready
    }

    private let state = Mutex(State())

    package init() {}

    /// The stored form of a body.
    ///
    /// - Parameter key: The row of the dictionary; nil for none.
    func compress(
        _ body: [UInt8], _ key: Int64?, _ connection: borrowing Connection
    ) throws(StorageError) -> [UInt8] {
        while true {
            try prepare(key, connection)
            let outcome: Outcome = state.withLock { state in
                let dictionary = key.flatMap { state.take($0) }
                return key != nil && dictionary == nil ? .unready : .done(state.zstd.compress(body, dictionary))
            }
            guard case .done(let frame) = outcome else { continue }
            guard let frame else { throw StorageError(.other, "no memory to compress") }
            return frame
        }
    }

    /// The body in two columns of a row: its stored form, and after it its dictionary.
    package func expand(
        _ row: borrowing Row, _ column: Int32, _ connection: borrowing Connection
    ) throws(StorageError) -> [UInt8] {
        let frame = row.blob(column)
        let key = row.optionalInt(column + 1)
        while true {
            try prepare(key, connection)
            let outcome: Outcome = state.withLock { state in
                let dictionary = key.flatMap { state.take($0) }
                return key != nil && dictionary == nil ? .unready : .done(state.zstd.expand(frame, dictionary))
            }
            guard case .done(let body) = outcome else { continue }
            guard let body else { throw StorageError(.corrupt, "a version's body cannot be expanded") }
            return body
        }
    }

    /// Forgets what is ready: after a write that was undone, a row's number may come to stand for other bytes.
    func forget() { state.withLock { $0.forget() } }

    private func prepare(_ key: Int64?, _ connection: borrowing Connection) throws(StorageError) {
        guard let key, !state.withLock({ $0.has(key) }) else { return }
        let bytes = try BodyDictionary.bytes(key, connection)
        state.withLock { $0.add(key, bytes) }
    }
}
