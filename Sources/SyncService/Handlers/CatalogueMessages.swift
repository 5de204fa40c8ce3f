import API
import Crypto
import Wire

/// The catalogue as other services and people see it.
struct CatalogueSchema: Sendable {
    /// Ordered by name.
    let types: [API.ResourceType]
    /// Changes whenever the schema does.
    let hash: String

    init(_ types: [ResourceType]) {
        self.types = types.map { API.ResourceType($0) }.sorted { $0.name < $1.name }
        hash = SHA256.digest(self.types.flatMap { $0.encoded() }).hexText
    }
}

extension API.ResourceType {
    init(_ type: ResourceType) {
        self.init()
        name = type.type
        title = type.title
        service = type.service
        global = type.scope == .global
        columns = type.columns.map { API.Column($0) }
        childTables = type.tables.map { API.ChildTable($0) }
        calls = type.enrich.map(\.name)
        iamActions = type.iamActions
        var all = ["\(type.list.service):\(type.list.operation)"]
        if let preparation = type.list.prepare { all.append("\(type.list.service):\(preparation.operation)") }
        all += type.enrich.map { "\($0.service):\($0.operation)" }
        operations = Set(all).sorted()
    }
}

extension API.Column {
    init(_ column: ResourceType.Column) {
        self.init()
        name = column.name
        type =
            switch column.kind {
            case .text: .text
            case .integer: .integer
            case .real: .real
            case .boolean: .boolean
            case .json: .json
            case .time: .time
            }
        path = column.path
        call = column.call ?? ""
        description = column.description
    }
}

extension API.ChildTable {
    init(_ table: ResourceType.Table) {
        self.init()
        name = table.name
        rows = table.rows
        call = table.call ?? ""
        columns = table.columns.map { API.Column($0) }
    }
}
