import HTTP2

/// The methods of a server by their path, ready for look-up by the bytes of `:path`. Never changes.
final class MethodTable: Sendable {
    private let buckets: [[Router.Entry]]
    private let services: Set<String>

    init(_ entries: [Router.Entry]) {
        var size = 16
        while size < entries.count * 2 { size *= 2 }
        var buckets = [[Router.Entry]](repeating: [], count: size)
        for entry in entries {
            let path = entry.path
            buckets[Self.hash(path.span) & (size - 1)].append(entry)
        }
        self.buckets = buckets
        services = Set(entries.map(\.name.service))
    }

    /// The method that the field at `index` is the path of.
    func find(_ headers: borrowing HeaderBlock, _ index: Int) -> Router.Entry? {
        let hash = headers.withValue(index, Self.hash)
        for entry in buckets[hash & (buckets.count - 1)] where headers.value(index, is: entry.path) { return entry }
        return nil
    }

    /// What to answer when ``find(_:)`` found nothing.
    func unknown(_ path: ArraySlice<UInt8>) -> RPCError {
        let text = String(decoding: path.prefix(256), as: UTF8.self)
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].isEmpty else {
            return RPCError(.unimplemented, "no method has the path \(text)")
        }
        return services.contains(String(parts[1]))
            ? RPCError(.unimplemented, "service \(parts[1]) has no method \(parts[2])")
            : RPCError(.unimplemented, "no service \(parts[1]) here")
    }

    /// FNV-1a over the last 24 bytes: paths of one server differ at their ends.
    private static func hash(_ path: Span<UInt8>) -> Int {
        var hash: UInt32 = 2_166_136_261
        for index in max(0, path.count - 24)..<path.count { hash = (hash ^ UInt32(path[index])) &* 16_777_619 }
        return Int(hash ^ (hash >> 16))
    }
}
