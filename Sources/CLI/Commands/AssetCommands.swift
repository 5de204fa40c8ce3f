import API
import JSON
import RPC

/// `parapet asset …`.
enum AssetCommands {
    static let all = [list, show, HistoryCommands.versions]

    static let list = Command(
        path: ["asset", "list"], summary: "What was found in an account",
        options: [
            Option(name: "--account", value: "ID", help: "account by id or name", required: true),
            Option(name: "--region", value: "REGION", help: "only there, or `global`"),
            Option(name: "--type", value: "TYPE", help: "only this resource type"),
            Option(name: "--tag", value: "KEY[=VALUE]", help: "only with this tag"),
            Option(name: "--name", value: "NAME", help: "only with exactly this name"),
            Option(name: "--text", value: "TEXT", help: "only where ARN, id, name or tags contain it"), limitOption,
        ],
        examples: [
            "parapet asset list --account production --type aws_s3_bucket",
            "parapet asset list --account production --tag env=prod -o jsonl",
        ]
    ) { call in
        let services = try call.context.services()
        let assets = try await allPages(limit: call.limit()) { token, size in
            var request = ListAssetsRequest()
            request.accountId = call.value("--account") ?? ""
            request.region = call.value("--region") ?? ""
            request.resourceType = call.value("--type") ?? ""
            request.tag = call.value("--tag") ?? ""
            request.name = call.value("--name") ?? ""
            request.text = call.value("--text") ?? ""
            request.pageToken = token
            request.pageSize = size
            let page = try await services.sync.listAssets(request)
            return (page.assets, page.nextPageToken)
        }
        var table = Table([
            .init(key: "resource_type", heading: "TYPE"), .init(key: "region", heading: "REGION"),
            .init(key: "name", heading: "NAME", shrinks: true),
            .init(key: "arn", heading: "ARN", shrinks: true), .init(key: "stale", heading: "STALE"), .init(key: "id"),
            .init(key: "scope"),
            .init(key: "tags"), .init(key: "gaps"), .init(key: "first_seen_time"), .init(key: "version_time"),
        ])
        for asset in assets {
            table.append([
                cell(asset.resourceType), cell(asset.region), cell(asset.name), cell(asset.arn), .bool(asset.stale),
                cell(asset.resourceId),
                cell(asset.scope), tags(asset.tags), gaps(asset.gaps), cell(asset.firstSeenTime),
                cell(asset.versionTime),
            ])
        }
        call.context.print(table, empty: "no assets match")
        return .ok
    }

    static let show = Command(
        path: ["asset", "show"], summary: "One asset with its configuration",
        positionals: [Positional(name: "ARN", help: "its ARN")],
        options: [
            Option(name: "--account", value: "ID", help: "account by id or name, where several have the ARN"),
            Option(name: "--type", value: "TYPE", help: "resource type, where two have the ARN"),
        ],
        examples: ["parapet asset show arn:aws:s3:::my-bucket"]
    ) { call in
        var request = GetAssetRequest()
        request.arn = try call.positional("ARN")
        request.accountId = call.value("--account") ?? ""
        request.resourceType = call.value("--type") ?? ""
        guard let asset = try await call.context.services().sync.getAsset(request).asset else { return .failed }
        let configuration = try JSONValue(parsing: asset.configuration)
        let object = JSONValue.object([
            "account_id": .string(asset.accountId), "arn": .string(asset.arn),
            "resource_type": .string(asset.resourceType),
            "id": .string(asset.resourceId), "name": .string(asset.name), "region": .string(asset.region),
            "scope": .string(asset.scope),
            "tags": tags(asset.tags), "gaps": gaps(asset.gaps), "stale": .bool(asset.stale),
            "first_seen_time": cell(asset.firstSeenTime),
            "version_time": cell(asset.versionTime), "configuration": configuration,
        ])
        call.context.print(object: object, text: object.text(pretty: true) + "\n")
        return .ok
    }

    static func tags(_ tags: [String: String]) -> JSONValue {
        .object(JSONObject(tags.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }

    static func gaps(_ gaps: [Gap]) -> JSONValue {
        .array(
            gaps.map {
                .object(["call": .string($0.call), "code": .string($0.code), "message": .string($0.message)])
            })
    }
}
