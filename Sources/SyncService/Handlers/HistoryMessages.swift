import API
import JSON
import Wire

extension AssetVersion {
    init(_ version: StoredVersion, withConfiguration: Bool) {
        self.init()
        change = version.begin.change
        fromTime = Timestamp(unixMilliseconds: version.begin.time)
        toTime = version.end.map(Timestamp.init(unixMilliseconds:))
        removed = version.isRemoved
        first = version.isFirst
        previousForgotten = version.isPreviousForgotten
        name = version.state.facts.name
        region = version.state.facts.region
        tags = API.Asset.tags(version.state.facts.tags)
        gaps = API.Asset.gaps(version.state.facts.gaps)
        if withConfiguration { configuration = String(decoding: version.state.body, as: UTF8.self) }
        configurationHash = version.hash.hexText
        (changes, changesCut) = ValueChange.all(version.differences, isCut: version.isCut)
    }

    /// About how many bytes it takes.
    var weight: Int {
        let texts = tags.reduce(configuration.utf8.count + name.utf8.count) {
            $0 + $1.key.utf8.count + $1.value.utf8.count
        }
        return changes.reduce(texts + gaps.reduce(256) { $0 + $1.message.utf8.count + 64 }) { $0 + $1.weight }
    }
}

extension AssetDifference {
    init(_ difference: StoredDifference) {
        self.init()
        switch difference.kind {
        case .added: kind = .added
        case .removed: kind = .removed
        case .changed: kind = .changed
        }
        resourceType = difference.type
        arn = difference.facts.arn
        resourceId = difference.id
        name = difference.facts.name
        region = difference.facts.region
        time = Timestamp(unixMilliseconds: difference.time)
        (changes, changesCut) = ValueChange.all(difference.values, isCut: difference.isCut)
    }

    /// About how many bytes it takes.
    var weight: Int {
        changes.reduce(256 + arn.utf8.count + resourceId.utf8.count + name.utf8.count) { $0 + $1.weight }
    }
}

extension ValueChange {
    /// The most that a value, and that all of an asset's changes, take.
    private static let valueBytes = 2048
    private static let pathBytes = 1024
    private static let allBytes = 512 << 10

    fileprivate static func all(_ differences: [ValueDifference], isCut: Bool) -> ([ValueChange], Bool) {
        var changes: [ValueChange] = []
        var bytes = 0
        for difference in differences {
            let change = ValueChange(difference)
            bytes += change.weight
            if bytes > allBytes { return (changes, true) }
            changes.append(change)
        }
        return (changes, isCut)
    }

    private init(_ difference: ValueDifference) {
        self.init()
        path = Self.beginning(difference.path, Self.pathBytes)
        switch difference.kind {
        case .added: kind = .added
        case .removed: kind = .removed
        case .changed: kind = .changed
        case .unknown: kind = .unknown
        }
        let (old, new) = (difference.before?.text() ?? "", difference.after?.text() ?? "")
        before = Self.beginning(old, Self.valueBytes)
        after = Self.beginning(new, Self.valueBytes)
        cut = before.utf8.count < old.utf8.count || after.utf8.count < new.utf8.count
    }

    fileprivate var weight: Int { path.utf8.count + before.utf8.count + after.utf8.count + 16 }

    /// So many whole characters of a text as fit.
    private static func beginning(_ text: String, _ limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        var bytes = 0
        let end = text.unicodeScalars.firstIndex { scalar in
            bytes += UTF8.width(scalar)
            return bytes > limit
        }
        return String(text[..<(end ?? text.endIndex)])
    }
}
