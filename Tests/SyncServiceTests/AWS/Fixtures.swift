import JSON
import Platform
import Testing

@testable import SyncService

/// Files beside the tests and in the checkout.
enum Fixtures {
    /// The package's root, found from this file.
    static let root = Files.parent(of: Files.parent(of: Files.parent(of: Files.parent(of: #filePath))))
    static let share = root + "/share/parapet"

    static func path(_ name: String) -> String { root + "/Tests/SyncServiceTests/Fixtures/" + name }

    /// A file's text without the line's end that closes it.
    static func text(_ path: String) throws -> String {
        let text = String(decoding: try Files.read(path), as: UTF8.self)
        return text.last == "\n" ? String(text.dropLast()) : text
    }

    static let shapes = ShapeStore(share: share)
}
