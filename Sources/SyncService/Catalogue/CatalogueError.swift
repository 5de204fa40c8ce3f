import JSON
import Platform

/// What is wrong with a file of the share directory: the file, the field in it, and the rule that it breaks.
struct CatalogueError: Error, Sendable, Equatable, CustomStringConvertible {
    var file: String
    /// A path such as `enrich[2].params.Bucket`; empty for the file as a whole.
    var field: String
    var rule: String

    var description: String { field.isEmpty ? "\(file): \(rule)" : "\(file): \(field): \(rule)" }
}

/// Reads files of the share directory.
enum ShareFile {
    static func json(_ path: String, name: String) throws(CatalogueError) -> JSONValue {
        let bytes: [UInt8]
        do { bytes = try Files.read(path) } catch {
            throw CatalogueError(file: name, field: "", rule: "\(error)")
        }
        do { return try JSONValue(parsing: bytes) } catch {
            throw CatalogueError(file: name, field: "", rule: "\(error)")
        }
    }
}
