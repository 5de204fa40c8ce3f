/// The members of an object in the order in which they came, found by name.
///
/// Names are unique. Equality does not depend on the order.
public struct JSONObject: Sendable {
    /// A name and its value.
    public typealias Member = (name: String, value: JSONValue)

    private var entries: [Member] = []
    /// Whether the names rise by their bytes, as they do in canonical text: they are then found without an index.
    private var isSorted = true
    /// Where each name stands; kept only for objects that are neither sorted nor small enough to search one by one.
    private var positions: [String: Int] = [:]
    private static let searchLimit = 12

    public init() {}

    /// Of members in order; a later one replaces an earlier one of its name.
    public init(_ members: some Sequence<Member>) {
        for member in members { self[member.name] = member.value }
    }

    /// The value of `name`; setting nil removes the member, setting a new name appends it.
    public subscript(name: String) -> JSONValue? {
        get { position(of: name).map { entries[$0].value } }
        set {
            switch (position(of: name), newValue) {
            case (let position?, let value?): entries[position].value = value
            case (let position?, nil): remove(at: position)
            case (nil, let value?): append(name, value)
            case (nil, nil): break
            }
        }
    }

    /// The names in order.
    public var names: [String] { entries.map(\.name) }

    /// The members sorted by the bytes of their names.
    public var sorted: [Member] {
        isSorted ? entries : entries.sorted { JSONObject.precedes($0.name, $1.name) }
    }

    mutating func reserveCapacity(_ count: Int) { entries.reserveCapacity(count) }

    /// Appends a member, and says whether its name was new.
    @discardableResult
    mutating func appendIfNew(_ name: String, _ value: JSONValue) -> Bool {
        guard isSorted && follows(name) || position(of: name) == nil else { return false }
        append(name, value)
        return true
    }

    /// Whether `name` comes after the last one.
    private func follows(_ name: String) -> Bool { entries.last.map { Self.precedes($0.name, name) } ?? true }

    private mutating func append(_ name: String, _ value: JSONValue) {
        let staysSorted = isSorted && follows(name)
        entries.append((name, value))
        if staysSorted { return }
        if isSorted || entries.count == Self.searchLimit + 1 {
            isSorted = false
            if entries.count > Self.searchLimit { index() }
        } else if entries.count > Self.searchLimit {
            positions[name] = entries.count - 1
        }
    }

    private mutating func remove(at position: Int) {
        entries.remove(at: position)
        positions = [:]
        if !isSorted, entries.count > Self.searchLimit { index() }
    }

    private mutating func index() {
        positions = Dictionary(entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private func position(of name: String) -> Int? {
        if entries.count <= Self.searchLimit { return entries.firstIndex { $0.name == name } }
        guard isSorted else { return positions[name] }
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if Self.precedes(entries[middle].name, name) { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].name == name ? low : nil
    }

    static func precedes(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }
}

extension JSONObject: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { entries.count }
    public subscript(position: Int) -> Member { entries[position] }
}

extension JSONObject: Equatable {
    public static func == (left: Self, right: Self) -> Bool {
        left.count == right.count && left.allSatisfy { right[$0.name] == $0.value }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        for (name, value) in elements { self[name] = value }
    }
}
