import Platform

/// All resource types, checked against the shapes.
struct Catalogue: Sendable {
    /// By name, parents before children.
    var types: [ResourceType]
    let shapes: ShapeStore

    func type(_ name: String) -> ResourceType? { types.first { $0.type == name } }

    /// Reads `DIRECTORY/catalogue/*.json`, checked against `DIRECTORY/shapes/*.json`; then `own/*.json`, a second directory
    /// of the user's, with further shapes in `own/shapes`. An own type replaces a shipped one of its name. The first
    /// mistake is thrown.
    static func load(share directory: String, own: String? = nil) throws(CatalogueError) -> Catalogue {
        let shapes = ShapeStore(directories: ["\(directory)/shapes"] + (own.map { ["\($0)/shapes"] } ?? []))
        var types: [String: ResourceType] = [:]
        for folder in ["\(directory)/catalogue"] + (own.map { [$0] } ?? []) {
            for entry in try entries(folder, shapes) { types[entry.type] = entry }
        }
        return Catalogue(types: try ordered(types), shapes: shapes)
    }

    private static func entries(_ folder: String, _ shapes: ShapeStore) throws(CatalogueError) -> [ResourceType] {
        let names: [String]
        do { names = try Files.list(folder).filter { $0.hasSuffix(".json") } } catch {
            throw CatalogueError(file: folder, field: "", rule: "\(error)")
        }
        var entries: [ResourceType] = []
        for name in names {
            var decoder = try EntryDecoder(file: name, ShareFile.json("\(folder)/\(name)", name: name))
            let entry = try decoder.entry()
            guard name == "\(entry.type).json" else {
                throw CatalogueError(file: name, field: "type", rule: "\(entry.type) belongs into \(entry.type).json")
            }
            try EntryChecker(entry: entry, file: name, shapes: shapes).check()
            entries.append(entry)
        }
        return entries
    }

    /// By name, but each type after its parents. Tables must have names of their own.
    private static func ordered(_ types: [String: ResourceType]) throws(CatalogueError) -> [ResourceType] {
        var tables: Set<String> = []
        for entry in types.values {
            for table in [entry.type] + entry.tables.map(\.name) where !tables.insert(table).inserted {
                throw CatalogueError(file: "\(entry.type).json", field: "tables", rule: "\(table) occurs twice")
            }
        }
        var placed: [ResourceType] = []
        var names: Set<String> = []
        var waiting = types.values.sorted { $0.type < $1.type }
        while !waiting.isEmpty {
            let ready = waiting.filter { $0.list.parents.allSatisfy { names.contains($0) } }
            guard !ready.isEmpty else {
                let entry = waiting[0]
                throw CatalogueError(
                    file: "\(entry.type).json", field: "list.parent",
                    rule: "\(entry.list.parents) is no type, or a parent of itself")
            }
            placed += ready
            names.formUnion(ready.map(\.type))
            waiting.removeAll { names.contains($0.type) }
        }
        return placed
    }
}
