/// Which regions are collected: a rule or a list.
enum RegionChoice: Equatable, Sendable {
    /// Every region that the account has enabled, also those enabled later.
    case all
    /// 1 to 100 names, ordered, each once.
    case only([String])

    /// - Parameters:
    ///   - partition: The partition of the account's role; nil while no role is known.
    ///   - directory: The regions that exist.
    init(all: Bool, names: [String], partition: String?, directory: PartitionDirectory) throws(AccountError) {
        if all {
            guard names.isEmpty else { throw Self.invalid("either all, or names of regions") }
            self = .all
            return
        }
        guard (1...100).contains(names.count) else { throw Self.invalid("all, or 1 to 100 names of regions") }
        guard Set(names).count == names.count else { throw Self.invalid("each region once") }
        self = .only(names.sorted())
        try check(partition: partition, directory: directory)
    }

    /// Refuses names that the partition does not have.
    func check(partition: String?, directory: PartitionDirectory) throws(AccountError) {
        guard case .only(let names) = self else { return }
        var partitions: Set<String> = []
        for name in names {
            guard let home = directory.partition(ofRegion: name) else {
                throw Self.invalid("\(Printable.quoted(name)) is not a region that Parapet knows")
            }
            if let partition, home != partition {
                throw Self.invalid("\(name) belongs to partition \(home), the account's role to \(partition)")
            }
            partitions.insert(home)
        }
        guard partitions.count == 1 else { throw Self.invalid("regions of one partition only") }
    }

    func includes(_ region: String) -> Bool {
        switch self {
        case .all: true
        case .only(let names): names.contains(region)
        }
    }

    private static func invalid(_ rule: String) -> AccountError { .invalid(field: "regions", rule: rule) }
}

/// Quotes what a caller sent, so that it can stand in a message: short, printable.
enum Printable {
    static func quoted(_ text: String) -> String {
        let shown = text.unicodeScalars.prefix(64).map { (0x20...0x7E).contains($0.value) ? Character($0) : "?" }
        return "'" + String(shown) + (text.unicodeScalars.count > 64 ? "…'" : "'")
    }
}
