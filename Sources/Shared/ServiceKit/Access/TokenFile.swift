import Crypto
import Platform
public import RPC
import Synchronization

/// Tokens of a file: a line each with role, SHA-256 of the token in hexadecimal, and a name. Empty lines and lines that
/// begin with `#` are skipped.
public final class TokenFile: TokenSource {
    struct Entry: Sendable, Equatable {
        var hash: [UInt8]
        var caller: Caller
    }

    private let path: String
    private let entries: Mutex<[Entry]>

    /// - Throws: `unusable` when the file is missing, writable for others, or has a line that is none.
    public init(path: String) throws(ConfigurationError) {
        self.path = path
        entries = Mutex(try Self.load(path))
    }

    /// Reads the file again; on an error the earlier tokens stay.
    public func reload() throws(ConfigurationError) {
        let loaded = try Self.load(path)
        entries.withLock { $0 = loaded }
    }

    public func holder(ofTokenHash hash: [UInt8]) async throws(RPCError) -> Caller? {
        var found: Caller?
        // All of them, so that the time tells nothing about which one came close.
        for entry in entries.withLock({ $0 }) where ConstantTime.equals(entry.hash, hash) { found = entry.caller }
        return found
    }

    private static func load(_ path: String) throws(ConfigurationError) -> [Entry] {
        let bytes: [UInt8]
        let mode: UInt32
        do throws(FileError) {
            mode = try Files.mode(of: path)
            bytes = try Files.read(path, limitBytes: 1 << 20)
        } catch {
            throw .unusable(error.description)
        }
        guard mode & 0o022 == 0 else { throw .unusable("\(path): others can write it") }
        return try parse(String(decoding: bytes, as: UTF8.self), path)
    }

    static func parse(_ text: String, _ path: String) throws(ConfigurationError) -> [Entry] {
        var entries: [Entry] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let parts = line.split(separator: " ", maxSplits: 2).map(String.init)
            if parts.isEmpty || line.hasPrefix("#") { continue }
            guard parts.count == 3, let role = Role(name: parts[0]), let hash = Hex.decode(parts[1]),
                hash.count == SHA256.digestLength
            else {
                // The line's content may be a token that was pasted by mistake.
                throw .unusable("\(path): line \(index + 1): role (viewer, operator, admin), SHA-256 in hex, name")
            }
            entries.append(Entry(hash: hash, caller: Caller(kind: .person(role), name: parts[2])))
        }
        return entries
    }
}
