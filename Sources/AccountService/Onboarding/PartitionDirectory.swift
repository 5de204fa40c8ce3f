import JSON

/// The partitions and regions that exist, from `partitions.json` of the share directory.
struct PartitionDirectory: Equatable, Sendable {
    struct Region: Equatable, Sendable {
        let name: String
        let description: String
    }

    /// By partition, ordered by name.
    private let regions: [String: [Region]]
    private let homes: [String: String]

    /// - Throws: ``AccountError/internalFault(_:)`` when the file is not what the generator writes.
    init(json bytes: [UInt8]) throws(AccountError) {
        let document: JSONValue
        do { document = try JSONValue(parsing: bytes) } catch { throw .internalFault("partitions.json: \(error)") }
        var regions: [String: [Region]] = [:]
        for partition in document["partitions"]?.array ?? [] {
            guard let id = partition["id"]?.string else { continue }
            regions[id] = (partition["regions"]?.array ?? []).compactMap { region in
                guard let name = region["name"]?.string else { return nil }
                return Region(name: name, description: region["description"]?.string ?? "")
            }
            .sorted { $0.name < $1.name }
        }
        guard !regions.isEmpty else { throw .internalFault("partitions.json names no partition") }
        self.init(regions)
    }

    init(_ regions: [String: [Region]]) {
        self.regions = regions
        var homes: [String: String] = [:]
        for (partition, list) in regions {
            for region in list { homes[region.name] = partition }
        }
        self.homes = homes
    }

    func partition(ofRegion name: String) -> String? { homes[name] }

    /// Ordered by name; empty for a partition that is not known.
    func regions(of partition: String) -> [Region] { regions[partition] ?? [] }

    /// Whether every account of the partition has the region from the start: of partition aws those that AWS
    /// opened before 20 March 2019, and all of the others (AWS Account Management Reference Guide, "Enable or
    /// disable AWS Regions in your account").
    static func isAlwaysOn(_ region: String, partition: String) -> Bool {
        partition != "aws" || alwaysOn.contains(region)
    }

    private static let alwaysOn: Set = [
        "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
        "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1",
        "us-east-2", "us-west-1", "us-west-2",
    ]
}
