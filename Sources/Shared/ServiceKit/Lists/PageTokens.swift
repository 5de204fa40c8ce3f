import Crypto
import Platform
public import RPC

/// Issues and reads page tokens: opaque, and bound to a list and its filter, so that a token of another list or another
/// filter is refused instead of giving a page from nowhere.
public struct PageTokens: Sendable {
    private static let tagLength = 16
    private let key: [UInt8]

    /// - Parameter key: 32 bytes, kept as long as tokens shall stay valid; new ones unless given.
    public init(key: [UInt8]? = nil) {
        self.key = key ?? RandomBytes.generate(32)
    }

    /// The token of the page after `position`.
    ///
    /// - Parameters:
    ///   - list: The RPC, as `ListAssets`.
    ///   - filter: Every parameter that the list's content or order depends on, in a fixed order.
    ///   - position: The sort key of the page's last row. It can be read by the client.
    public func issue(list: String, filter: [String] = [], position: [String]) -> String {
        let payload = Self.join(position)
        return Base64.text(tag(list, filter, payload) + payload, .url)
    }

    /// The position in a token of the same list and filter; nil for the empty token, which means the first page.
    public func read(_ token: String, list: String, filter: [String] = []) throws(RPCError) -> [String]? {
        if token.isEmpty { return nil }
        guard let bytes = Base64.bytes(token, .url), bytes.count >= Self.tagLength else { throw Self.refused }
        let payload = Array(bytes[Self.tagLength...])
        guard ConstantTime.equals(Array(bytes[..<Self.tagLength]), tag(list, filter, payload)),
            let position = Self.split(payload)
        else { throw Self.refused }
        return position
    }

    private static let refused = FieldRule.violated(
        "page_token", "has to be the next_page_token of the same list with the same filter")

    private func tag(_ list: String, _ filter: [String], _ payload: [UInt8]) -> [UInt8] {
        let content = Self.join([list]) + Self.join([Hex.encode(SHA256.digest(Self.join(filter)))]) + payload
        return Array(HMACSHA256.authenticate(content, key: key)[..<Self.tagLength])
    }

    /// Each text with its length in four bytes in front.
    private static func join(_ texts: [String]) -> [UInt8] {
        texts.flatMap { text in
            withUnsafeBytes(of: UInt32(clamping: text.utf8.count).bigEndian) { Array($0) } + Array(text.utf8)
        }
    }

    private static func split(_ bytes: [UInt8]) -> [String]? {
        var texts: [String] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard rest.count >= 4 else { return nil }
            let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard rest.count >= count else { return nil }
            texts.append(String(decoding: rest.prefix(count), as: UTF8.self))
            rest = rest.dropFirst(count)
        }
        return texts
    }
}
