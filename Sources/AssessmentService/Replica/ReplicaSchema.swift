/// What a column holds; decides its affinity and how a JSON value becomes a cell.
enum ColumnKind: String, Sendable, Equatable {
    case text, integer, real, boolean, json, time

    /// The declared type in SQL.
    var affinity: String {
        switch self {
        case .text, .json, .time: "text"
        case .integer, .boolean: "integer"
        case .real: "real"
        }
    }
}

/// A typed column of a resource type.
struct ReplicaColumn: Sendable, Equatable {
    var name: String
    var kind: ColumnKind
    /// Where the value is, as SQLite writes JSON paths.
    var path: String
    /// The call that supplies it; nil for the listing.
    var call: String?
}

/// A table with one row for each element of a list in an asset's configuration.
struct ReplicaChildTable: Sendable, Equatable {
    var name: String
    /// Where the list is.
    var rows: String
    /// The call that supplies the list; nil for the listing.
    var call: String?
    var columns: [ReplicaColumn]
}

/// A resource type and its tables.
struct ReplicaType: Sendable, Equatable {
    var name: String
    /// Listed once for the account and not once a region.
    var isGlobal: Bool
    var columns: [ReplicaColumn]
    var children: [ReplicaChildTable] = []
    /// The enrichment calls; the position of a call is its bit in an asset's gaps.
    var calls: [String]

    /// The bits that hide what `call` supplies. Calls beyond the 61st share the last bit with calls that the schema
    /// does not know, so whatever is not told apart counts as hidden.
    func bits(of call: String?) -> Int64 {
        guard let call else { return 0 }
        guard let index = calls.firstIndex(of: call), index < Self.sharedBit else { return Self.anyOther }
        return 1 << Int64(index) | Self.anyOther
    }

    /// The bits to set for a call that was not answered.
    func gapBits(of call: String) -> Int64 {
        guard let index = calls.firstIndex(of: call), index < Self.sharedBit else { return Self.anyOther }
        return 1 << Int64(index)
    }

    static let sharedBit = 61
    static let anyOther: Int64 = 1 << 61
    /// Every bit: hides what may come from any call.
    static let anyCall: Int64 = (1 << 62) - 1
}

/// All resource types that a replica has tables for.
struct ReplicaSchema: Sendable, Equatable {
    /// Ordered by name.
    let types: [ReplicaType]
    /// Changes whenever the schema does.
    let hash: String
    /// Every table that a control may read, by name.
    let tables: [String: ReplicaTable]

    /// - Throws: `replica` for a name that is no plain SQL name or comes twice.
    init(types: [ReplicaType], hash: String) throws(EvaluationError) {
        self.types = types.sorted { $0.name < $1.name }
        self.hash = hash
        var tables: [String: ReplicaTable] = [:]
        for (index, type) in self.types.enumerated() {
            for table in [ReplicaTable(of: type, index)]
                + type.children.map({ ReplicaTable(child: $0, of: type, index) })
            {
                guard table.hasPlainNames else {
                    throw .replica("table \(table.name): a name in it is no plain SQL name")
                }
                guard tables.updateValue(table, forKey: table.name) == nil else {
                    throw .replica("table \(table.name) is defined twice")
                }
            }
        }
        self.tables = tables
    }

    func type(_ name: String) -> ReplicaType? {
        tables[name].flatMap { $0.isChild ? nil : types[$0.typeIndex] }
    }
}
