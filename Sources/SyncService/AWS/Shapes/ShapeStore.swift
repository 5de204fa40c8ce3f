import JSON
import Platform
import Synchronization

/// The service models of `shapes/*.json`, each read when it is first asked for.
final class ShapeStore: Sendable {
    private let directories: [String]
    private let models = Mutex<[String: ServiceModel]>([:])

    /// - Parameter directories: Searched in order, each holds `SERVICE.json` files.
    init(directories: [String]) { self.directories = directories }

    /// `DIRECTORY/shapes`.
    convenience init(share directory: String) { self.init(directories: [directory + "/shapes"]) }

    /// The model of a service, by botocore's name.
    func model(_ service: String) throws(CatalogueError) -> ServiceModel {
        if let known = models.withLock({ $0[service] }) { return known }
        let loaded = try load(service)
        return models.withLock { models in
            if let other = models[service] { return other }
            models[service] = loaded
            return loaded
        }
    }

    private func load(_ service: String) throws(CatalogueError) -> ServiceModel {
        let file = "shapes/\(service).json"
        let name = service.utf8
        guard !name.isEmpty, name.allSatisfy({ $0 == UInt8(ascii: "-") || ShapeStore.isWord($0) }) else {
            throw CatalogueError(file: file, field: "service", rule: "lower-case letters, digits and -")
        }
        for directory in directories where Files.exists("\(directory)/\(service).json") {
            let value = try ShareFile.json("\(directory)/\(service).json", name: file)
            var decoder = ModelDecoder(file: file)
            return try decoder.model(value)
        }
        throw CatalogueError(file: file, field: "", rule: "no such file: run `make catalogue`")
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
