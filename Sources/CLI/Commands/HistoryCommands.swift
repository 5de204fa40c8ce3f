import API
import JSON

/// `parapet asset versions` and `parapet sync diff`: what was, and what differs.
enum HistoryCommands {
    static let versions = Command(
        path: ["asset", "versions"], summary: "The states that an asset had, newest first, and what changed in each",
        details: """
            Also of an asset that is gone. A line names a value by its path in the configuration (`$.…`) or beside it
            (`name`, `tags.KEY`): + it came, - it went, ~ it changed, ? AWS did not tell. `asset history` is the same.
            """,
        positionals: [Positional(name: "ARN", help: "its ARN")],
        options: [
            Option(name: "--account", value: "ID", help: "account by id or name, where several have the ARN"),
            Option(name: "--type", value: "TYPE", help: "resource type, where two have the ARN"),
            Option(name: "--configuration", help: "for programs: also each state's whole configuration"), limitOption,
        ],
        examples: [
            "parapet asset versions arn:aws:s3:::my-bucket",
            "parapet asset versions arn:aws:s3:::my-bucket --configuration -o jsonl",
        ]
    ) { call in
        let services = try call.context.services()
        let arn = try call.positional("ARN")
        let versions = try await allPages(limit: call.limit()) { token, size in
            var request = ListAssetVersionsRequest()
            request.arn = arn
            request.accountId = call.value("--account") ?? ""
            request.resourceType = call.value("--type") ?? ""
            request.includeConfiguration = call.has("--configuration")
            request.pageToken = token
            request.pageSize = size
            let page = try await services.sync.listAssetVersions(request)
            return (page.versions, page.nextPageToken)
        }
        if call.context.isForPrograms {
            call.context.print(try table(of: versions, withConfiguration: call.has("--configuration")), empty: "")
        } else {
            Terminal.print(versions.map { HistoryText.block($0) }.joined(separator: "\n"))
        }
        return .ok
    }

    static let diff = Command(
        path: ["sync", "diff"], summary: "What differs between the assets as two syncs of an account left them",
        details: """
            + an asset came, - it went, ~ it changed, with the values that did. An asset that changed and is again as it
            was does not differ. What one of the syncs could not read is not known to differ; `sync show` says how it ended.
            """,
        positionals: [
            Positional(name: "FROM", help: "id of the earlier sync"),
            Positional(name: "TO", help: "id of the later one"),
        ],
        options: [
            Option(name: "--region", value: "REGION", help: "only there, or `global`"),
            Option(name: "--type", value: "TYPE", help: "only this resource type"), limitOption,
        ],
        examples: [
            "parapet sync diff sync-4f2c… sync-91ab…",
            "parapet sync diff sync-4f2c… sync-91ab… --type aws_s3_bucket -o json",
        ]
    ) { call in
        let services = try call.context.services()
        var request = DiffSyncsRequest()
        request.fromSyncId = try call.positional("FROM")
        request.toSyncId = try call.positional("TO")
        request.region = call.value("--region") ?? ""
        request.resourceType = call.value("--type") ?? ""
        var syncs: [Sync] = []
        let differences = try await allPages(limit: call.limit()) { token, size in
            request.pageToken = token
            request.pageSize = size
            let page = try await services.sync.diffSyncs(request)
            syncs = [page.fromSync, page.toSync].compactMap { $0 }
            return (page.differences, page.nextPageToken)
        }
        if call.context.isForPrograms {
            call.context.print(table(of: differences), empty: "")
        } else {
            Terminal.print(differences.map { HistoryText.block($0) }.joined() + HistoryText.summary(differences))
        }
        for sync in syncs where sync.state != .succeeded {
            Terminal.warn(
                "sync \(sync.id) ended as \(word(sync.state)): what it could not read is not known to differ\n")
        }
        return .ok
    }

    // MARK: For programs

    private static func table(of versions: [AssetVersion], withConfiguration: Bool) throws -> Table {
        let keys = [
            "change", "from_time", "to_time", "removed", "first", "previous_forgotten", "name", "region", "tags",
            "gaps",
            "configuration_hash", "changes", "changes_cut",
        ]
        var table = Table((keys + (withConfiguration ? ["configuration"] : [])).map { .init(key: $0) })
        for version in versions {
            var row: [JSONValue] = [
                cell(version.change), cell(version.fromTime), cell(version.toTime), .bool(version.removed),
                .bool(version.first), .bool(version.previousForgotten), cell(version.name), cell(version.region),
                AssetCommands.tags(version.tags), AssetCommands.gaps(version.gaps), cell(version.configurationHash),
                changes(version.changes), .bool(version.changesCut),
            ]
            if withConfiguration { row.append(try JSONValue(parsing: version.configuration)) }
            table.append(row)
        }
        return table
    }

    private static func table(of differences: [AssetDifference]) -> Table {
        var table = Table(
            [
                "difference", "resource_type", "region", "arn", "id", "name", "time", "changes", "changes_cut",
            ].map { .init(key: $0) })
        for difference in differences {
            table.append([
                cell(difference.kind), cell(difference.resourceType), cell(difference.region), cell(difference.arn),
                cell(difference.resourceId), cell(difference.name), cell(difference.time), changes(difference.changes),
                .bool(difference.changesCut),
            ])
        }
        return table
    }

    private static func changes(_ changes: [ValueChange]) -> JSONValue {
        .array(
            changes.map { change in
                .object([
                    "path": .string(change.path), "kind": cell(change.kind), "before": value(change.before, change),
                    "after": value(change.after, change),
                ])
            })
    }

    /// A value as JSON; the beginning of one that was cut, as text.
    private static func value(_ text: String, _ change: ValueChange) -> JSONValue {
        if text.isEmpty { return .null }
        return (try? JSONValue(parsing: text)) ?? .string(text)
    }
}

/// History for people.
enum HistoryText {
    /// The most characters of a value on a line.
    private static let valueLength = 160

    static func block(_ version: AssetVersion) -> String {
        let from = Table.cell(cell(version.fromTime))
        let to = version.toTime.map { Table.cell(cell($0)) + (version.removed ? ", then gone" : "") } ?? "now"
        var text = Terminal.coloured("\(from) to \(to)", .bold) + "\n"
        if version.first { text += "  first seen\n" }
        if version.previousForgotten { text += "  what was before is no longer kept\n" }
        text += lines(version.changes, isCut: version.changesCut)
        for gap in version.gaps {
            text += "  ? \(Terminal.printable("\(gap.call) was not answered: \(gap.code)"))\n"
        }
        return text
    }

    static func block(_ difference: AssetDifference) -> String {
        let asset = Terminal.printable("\(difference.resourceType)  \(difference.region)  \(difference.arn)")
        let head =
            switch difference.kind {
            case .added: Terminal.coloured("+ \(asset)", .green)
            case .removed: Terminal.coloured("- \(asset)", .red)
            case .changed, .unspecified: Terminal.coloured("~ \(asset)", .yellow)
            }
        return head + "\n" + lines(difference.changes, isCut: difference.changesCut)
    }

    static func summary(_ differences: [AssetDifference]) -> String {
        if differences.isEmpty { return "nothing differs\n" }
        let counts = [(AssetDifferenceKind.added, "added"), (.removed, "removed"), (.changed, "changed")].map {
            kind, name in "\(differences.filter { $0.kind == kind }.count) \(name)"
        }
        return "\n" + counts.joined(separator: ", ") + "\n"
    }

    private static func lines(_ changes: [ValueChange], isCut: Bool) -> String {
        changes.map { change in
            let path = Terminal.printable(change.path)
            return switch change.kind {
            case .added: "  " + Terminal.coloured("+ \(path): \(value(change.after))", .green)
            case .removed: "  " + Terminal.coloured("- \(path): \(value(change.before))", .red)
            case .unknown:
                "  ? \(path): \(value(change.before, "not known")) → \(value(change.after, "not known"))"
            case .changed, .unspecified: "  ~ \(path): \(value(change.before)) → \(value(change.after))"
            }
        }.map { $0 + "\n" }.joined() + (isCut ? "  and more\n" : "")
    }

    private static func value(_ text: String, _ absent: String = "") -> String {
        if text.isEmpty { return absent }
        let text = Terminal.printable(text)
        return text.count > valueLength ? text.prefix(valueLength) + "…" : text
    }
}
