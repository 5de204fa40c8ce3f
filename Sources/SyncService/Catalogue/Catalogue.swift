/// All resource types, checked against the shapes.
struct Catalogue: Sendable {
    /// By name, parents before children.
    var types: [ResourceType]
    let shapes: ShapeStore

    func type(_ name: String) -> ResourceType? { types.first { $0.type == name } }

    /// Reads `DIRECTORY/catalogue/*.json` and `DIRECTORY/shapes/*.json`, then the same of `own`, a second directory of
    /// the user's; an own type replaces a shipped one of its name. The first mistake is thrown.
    static func load(share directory: String, own: String? = nil) throws(CatalogueError) -> Catalogue {
        throw CatalogueError(file: directory, field: "", rule: "not built")
    }
}
