import JSON

/// What a version says of an asset beside its configuration.
struct VersionFacts: Sendable, Equatable {
    var name: String
    var arn: String
    var region: String
    /// A JSON object.
    var tags: String
    /// A JSON array, or nil for none.
    var gaps: String?

    /// The members of these facts that are otherwise in the version that follows; nil where none is.
    func differences(from next: VersionFacts) -> String? {
        var members = JSONObject()
        if name != next.name { members["name"] = .string(name) }
        if arn != next.arn { members["arn"] = .string(arn) }
        if region != next.region { members["region"] = .string(region) }
        if tags != next.tags { members["tags"] = .string(tags) }
        if gaps != next.gaps { members["gaps"] = gaps.map { .string($0) } ?? .null }
        return members.isEmpty ? nil : JSONValue.object(members).text(canonical: true)
    }

    /// The facts of the version before, by what the version with these facts notes of it.
    func before(_ differences: String?) -> VersionFacts {
        guard let differences, let members = (try? JSONValue(parsing: differences))?.object else { return self }
        return VersionFacts(
            name: members["name"]?.string ?? name, arn: members["arn"]?.string ?? arn,
            region: members["region"]?.string ?? region, tags: members["tags"]?.string ?? tags,
            gaps: members["gaps"].map(\.string) ?? gaps)
    }
}

extension VersionFacts {
    init(_ asset: PreparedAsset) {
        self.init(
            name: asset.name, arn: asset.arn, region: asset.region, tags: asset.tagsText, gaps: asset.gapsText)
    }
}
