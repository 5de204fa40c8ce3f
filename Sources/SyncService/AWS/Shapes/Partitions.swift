import JSON
import Platform

/// AWS's partitions and their regions, from `partitions.json`.
struct Partitions: Sendable {
    struct Region: Sendable, Equatable {
        var name: String
        /// As AWS writes it: `Europe (Frankfurt)`.
        var description: String
    }

    struct Partition: Sendable, Equatable {
        /// `aws`, `aws-us-gov`, `aws-cn`, `aws-eusc`: the second part of an ARN.
        var id: String
        var dnsSuffix: String
        /// Where global types are asked for.
        var homeRegion: String
        /// Sorted by name. AWS adds regions: one that is not here can exist.
        var regions: [Region]
    }

    var all: [Partition]

    /// The partition that a region belongs to: the one that lists it, else the one whose regions begin alike.
    func partition(ofRegion region: String) -> Partition? {
        if let listed = all.first(where: { $0.regions.contains { $0.name == region } }) { return listed }
        let prefix = region.prefix { $0 != "-" }
        if region.hasPrefix("us-gov-") { return partition("aws-us-gov") }
        return all.first { $0.regions.contains { $0.name.hasPrefix("\(prefix)-") && !$0.name.hasPrefix("us-gov-") } }
    }

    func partition(_ id: String) -> Partition? { all.first { $0.id == id } }

    /// The partition of `arn:PARTITION:…`.
    func partition(ofARN arn: String) -> Partition? {
        let parts = arn.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0] == "arn" ? partition(String(parts[1])) : nil
    }

    /// Reads `DIRECTORY/partitions.json`.
    static func load(share directory: String) throws(CatalogueError) -> Partitions {
        let file = "partitions.json"
        let value = try ShareFile.json(directory + "/" + file, name: file)
        var all: [Partition] = []
        for entry in value["partitions"]?.array ?? [] {
            guard let id = entry["id"]?.string, let suffix = entry["dnsSuffix"]?.string,
                let home = entry["homeRegion"]?.string
            else {
                throw CatalogueError(file: file, field: "partitions", rule: "each has id, dnsSuffix and homeRegion")
            }
            let regions = (entry["regions"]?.array ?? []).compactMap { region -> Region? in
                guard let name = region["name"]?.string else { return nil }
                return Region(name: name, description: region["description"]?.string ?? name)
            }
            all.append(Partition(id: id, dnsSuffix: suffix, homeRegion: home, regions: regions))
        }
        guard !all.isEmpty else { throw CatalogueError(file: file, field: "partitions", rule: "at least one") }
        return Partitions(all: all)
    }
}
