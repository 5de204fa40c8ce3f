import Crypto
import Platform

/// The first administrator's token: its hash in a file of tokens that services read, itself in a profile alone.
struct AdministratorToken: Sendable {
    /// A line each: role, SHA-256, name. Lines that a person added stay.
    let file: String
    /// The name in its line.
    let holder: String

    /// The token that a profile holds, if services know its hash; else a new one in place of the holder's earlier one.
    func ensure(keeping old: String?) throws -> String {
        let text = Files.exists(file) ? String(decoding: try Files.read(file), as: UTF8.self) : ""
        let lines = text.split(separator: "\n")
        if let old, lines.contains(where: { $0.contains(Self.hash(of: old)) }) { return old }
        let token = "parapet_" + Hex.encode(RandomBytes.generate(32))
        let kept = lines.filter { !$0.hasSuffix(" \(holder)") } + ["admin \(Self.hash(of: token)) \(holder)"]
        try Files.writeAtomically(Array((kept.joined(separator: "\n") + "\n").utf8), to: file, mode: 0o600)
        return token
    }

    private static func hash(of token: String) -> String { Hex.encode(SHA256.digest(token)) }
}
