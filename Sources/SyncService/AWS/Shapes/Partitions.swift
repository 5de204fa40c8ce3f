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
        /// `aws`, `aws-us-gov`, `aws-cn`, …: the second part of an ARN.
        var id: String
        var dnsSuffix: String
        /// Of endpoints that have IPv6 addresses too.
        var dualStackSuffix: String
        var supportsDualStack: Bool
        var supportsFIPS: Bool
        /// Where global types are asked for.
        var homeRegion: String
        /// Sorted by name. AWS adds regions: one that is not here can exist.
        var regions: [Region]
    }

    var all: [Partition]

    /// The partition that a region belongs to: the one that lists it, else the one whose regions begin alike.
    func partition(ofRegion region: String) -> Partition? {
        if let listed = all.first(where: { $0.regions.contains { $0.name == region } }) { return listed }
        guard let land = Self.land(region) else { return nil }
        return all.first { $0.regions.contains { Self.land($0.name) == land } }
    }

    /// What stands before direction and number: `us-gov` of `us-gov-west-1`.
    private static func land(_ region: String) -> [Substring]? {
        let parts = region.split(separator: "-")
        return parts.count >= 3 ? Array(parts.dropLast(2)) : nil
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
                let dualStack = entry["dualStackSuffix"]?.string, let home = entry["homeRegion"]?.string
            else {
                throw CatalogueError(
                    file: file, field: "partitions", rule: "each has id, dnsSuffix, dualStackSuffix and homeRegion")
            }
            let regions = (entry["regions"]?.array ?? []).compactMap { region -> Region? in
                guard let name = region["name"]?.string else { return nil }
                return Region(name: name, description: region["description"]?.string ?? name)
            }
            all.append(
                Partition(
                    id: id, dnsSuffix: suffix, dualStackSuffix: dualStack,
                    supportsDualStack: entry["supportsDualStack"]?.bool ?? false,
                    supportsFIPS: entry["supportsFIPS"]?.bool ?? false, homeRegion: home, regions: regions))
        }
        guard !all.isEmpty else { throw CatalogueError(file: file, field: "partitions", rule: "at least one") }
        return Partitions(all: all)
    }
}
