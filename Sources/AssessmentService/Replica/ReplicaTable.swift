/// A table as controls see it.
///
/// The key of its rows is not one of its columns: in a resource type's table the ROWID is the asset's number, in a
/// child table it is the asset's number times ``positions`` plus the position in the list. So `*` shows only what is
/// meant to be seen.
struct ReplicaTable: Sendable, Equatable {
    struct Column: Sendable, Equatable {
        var name: String
        var kind: ColumnKind
        /// The value is unknown where the asset's gaps have one of these bits.
        var hiddenBy: Int64
        /// Where the value is unknown only if it is this: what stands in when its call was not answered.
        var standIn: String?
        /// Where the value is in the configuration, or in the element of a child table; nil for what the asset brings.
        var path: String?
    }

    let name: String
    let typeName: String
    /// Position in the schema.
    let typeIndex: Int
    let isGlobal: Bool
    let columns: [Column]
    /// Where a child table's list is; nil for the resource type's own table.
    let rows: String?
    /// In a child table: the asset's rows are unknown where its gaps have one of these bits.
    let rowsHiddenBy: Int64

    var isChild: Bool { rows != nil }

    /// How many elements of one list a child table can hold.
    static let positions: Int64 = 1 << 20

    init(of type: ReplicaType, _ index: Int) {
        name = type.name
        typeName = type.name
        typeIndex = index
        isGlobal = type.isGlobal
        rows = nil
        rowsHiddenBy = 0
        // The schema does not say which call supplies names, tags, and a global asset's region: any may.
        columns =
            [
                Column(name: "account_id", kind: .text, hiddenBy: 0), Self.region(of: type),
                Column(name: "arn", kind: .text, hiddenBy: 0), Column(name: "id", kind: .text, hiddenBy: 0),
                Column(name: "name", kind: .text, hiddenBy: ReplicaType.anyCall),
                Column(name: "tags", kind: .json, hiddenBy: ReplicaType.anyCall, standIn: "{}"),
            ]
            + type.columns.map { Column(name: $0.name, kind: $0.kind, hiddenBy: type.bits(of: $0.call), path: $0.path) }
    }

    init(child: ReplicaChildTable, of type: ReplicaType, _ index: Int) {
        name = child.name
        typeName = type.name
        typeIndex = index
        isGlobal = type.isGlobal
        rows = child.rows
        rowsHiddenBy = type.bits(of: child.call)
        columns =
            [
                Column(name: "account_id", kind: .text, hiddenBy: 0),
                Self.region(of: type),
                Column(name: "arn", kind: .text, hiddenBy: 0), Column(name: "position", kind: .integer, hiddenBy: 0),
            ] + child.columns.map { Column(name: $0.name, kind: $0.kind, hiddenBy: 0, path: $0.path) }
    }

    /// A regional asset's region is its scope's. A global one's may come from a call, without which it stays `global`.
    private static func region(of type: ReplicaType) -> Column {
        Column(
            name: "region", kind: .text, hiddenBy: type.isGlobal ? ReplicaType.anyCall : 0,
            standIn: type.isGlobal ? "global" : nil)
    }

    /// Column definitions in SQL.
    var declaration: String {
        columns.map { "\"\($0.name)\" \($0.kind.affinity)" }.joined(separator: ", ")
    }

    /// Whether all names are lower-case words, no name comes twice, and none starts with `_`, which is ours.
    var hasPlainNames: Bool {
        let names = columns.map(\.name)
        return Set(names).count == names.count && ([name] + names).allSatisfy(Self.isPlain)
    }

    private static func isPlain(_ name: String) -> Bool {
        guard let first = name.utf8.first, UInt8(ascii: "a")...UInt8(ascii: "z") ~= first else { return false }
        return name.utf8.count <= 120
            && name.utf8.allSatisfy {
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                    || $0 == UInt8(ascii: "_")
            }
    }
}
