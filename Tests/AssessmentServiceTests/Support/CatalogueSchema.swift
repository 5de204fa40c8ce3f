import JSON
import Platform

@testable import AssessmentService

/// The replica's schema, made from the catalogue's files as the sync service tells it.
enum CatalogueSchema {
    static func load() throws -> ReplicaSchema {
        let directory = root() + "/share/parapet/catalogue"
        let types = try Files.list(directory).filter { $0.hasSuffix(".json") }.map { name in
            try type(JSONValue(parsing: Files.read(directory + "/" + name)))
        }
        return try ReplicaSchema(types: types, hash: "catalogue")
    }

    /// The package's folder.
    static func root(_ file: String = #filePath) -> String {
        var path = file
        while !Files.exists(path + "/Package.swift"), path != "/" { path = Files.parent(of: path) }
        return path
    }

    static func type(_ entry: JSONValue) -> ReplicaType {
        let calls = (entry["enrich"]?.array ?? []).compactMap { $0["name"]?.string }
        let children = (entry["tables"]?.array ?? []).map { table in
            ReplicaChildTable(
                name: table["name"]?.string ?? "", rows: table["rows"]?.string ?? "",
                call: call(table["rows"]?.string, calls), columns: columns(table["columns"], []))
        }
        return ReplicaType(
            name: entry["type"]?.string ?? "", isGlobal: entry["scope"]?.string == "global",
            columns: columns(entry["columns"], calls), children: children, calls: calls)
    }

    private static func columns(_ value: JSONValue?, _ calls: [String]) -> [ReplicaColumn] {
        (value?.array ?? []).map { column in
            ReplicaColumn(
                name: column["name"]?.string ?? "", kind: ColumnKind(rawValue: column["type"]?.string ?? "") ?? .text,
                path: column["path"]?.string ?? "$", call: call(column["path"]?.string, calls))
        }
    }

    /// The enrichment that a path begins with; nil for the listing.
    private static func call(_ path: String?, _ calls: [String]) -> String? {
        let first = (path ?? "").dropFirst(2).prefix { $0 != "." && $0 != "[" }
        return calls.first { $0 == first }
    }
}
