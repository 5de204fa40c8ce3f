import API
import JSON
import RPC

/// `parapet sync …`, `parapet coverage`, `parapet permissions`.
enum SyncCommands {
    static let all = [start, list, show, watch, cancel, HistoryCommands.diff, coverage, permissions]

    private static let sync = Positional(name: "SYNC", help: "id of the sync")

    static let start = Command(
        path: ["sync", "start"], summary: "Read an account's configuration from AWS now",
        positionals: [Positional(name: "ID", help: "id or name of the account")],
        options: [
            Option(name: "--wait", help: "wait until the sync and its assessment have ended"),
            Option(name: "--dry-run", help: "start nothing; print the calls to AWS that it takes at least"),
            Option(name: "--types", value: "A,B", help: "only these resource types, and what they are listed from"),
            Option(name: "--regions", value: "A,B", help: "only these regions of the account's, or `global`"),
        ],
        examples: [
            "parapet sync start production --wait", "parapet sync start production --dry-run --types aws_s3_bucket",
        ]
    ) { call in
        let services = try call.context.services()
        var request = StartSyncRequest()
        request.accountId = try call.positional("ID")
        request.dryRun = call.has("--dry-run")
        request.resourceTypes = names(call.value("--types"))
        request.regions = names(call.value("--regions"))
        if request.dryRun {
            SyncOutput.price(try await services.sync.startSync(request), call.context)
            return .ok
        }
        guard let sync = try await services.sync.startSync(request).sync else { return .failed }
        guard call.has("--wait") else {
            SyncOutput.show(sync, call.context)
            return .ok
        }
        return try await follow(services, sync.id, call.context)
    }

    /// Names with commas between.
    private static func names(_ text: String?) -> [String] {
        (text ?? "").split(separator: ",").map { String($0.filter { !$0.isWhitespace }) }
    }

    static let list = Command(
        path: ["sync", "list"], summary: "Syncs, newest first",
        options: [
            Option(name: "--account", value: "ID", help: "only of this account, by id or name"),
            Option(
                name: "--state", value: "STATE",
                help: "only syncs in it: queued, running, succeeded, partial, failed, cancelled, interrupted"),
            limitOption,
        ],
        examples: ["parapet sync list --account production --limit 5"]
    ) { call in
        let services = try call.context.services()
        let state: SyncState = try call.choice("--state", default: .unspecified)
        let syncs = try await allPages(limit: call.limit()) { token, size in
            var request = ListSyncsRequest()
            request.accountId = call.value("--account") ?? ""
            request.state = state
            request.pageToken = token
            request.pageSize = size
            let page = try await services.sync.listSyncs(request)
            return (page.syncs, page.nextPageToken)
        }
        var table = SyncOutput.table
        for sync in syncs { table.append(SyncOutput.row(sync)) }
        call.context.print(table, empty: "no syncs yet")
        return .ok
    }

    static let show = Command(
        path: ["sync", "show"], summary: "One sync", positionals: [sync], examples: ["parapet sync show 4f2c…"]
    ) { call in
        var request = GetSyncRequest()
        request.syncId = try call.positional("SYNC")
        let response = try await call.context.services().sync.getSync(request)
        if let sync = response.sync { SyncOutput.show(sync, call.context, usage: response.usage) }
        SyncOutput.unchosen(response.unchosenRegions, call.context)
        return .ok
    }

    static let watch = Command(
        path: ["sync", "watch"], summary: "Follow a sync until it and its assessment have ended", positionals: [sync],
        examples: ["parapet sync watch 4f2c…"]
    ) { call in
        try await follow(call.context.services(), call.positional("SYNC"), call.context)
    }

    static let cancel = Command(
        path: ["sync", "cancel"], summary: "End a sync; what it has read completely is kept", positionals: [sync],
        examples: ["parapet sync cancel 4f2c…"]
    ) { call in
        var request = CancelSyncRequest()
        request.syncId = try call.positional("SYNC")
        for sync in try await call.context.services().sync.cancelSync(request).syncs {
            SyncOutput.show(sync, call.context)
        }
        return .ok
    }

    static let coverage = Command(
        path: ["coverage"], summary: "What is known of each region and resource type, and why something is not",
        positionals: [Positional(name: "ID", help: "id or name of the account")],
        options: [
            Option(name: "--region", value: "REGION", help: "only this region, or `global`"),
            Option(name: "--type", value: "TYPE", help: "only this resource type"),
            Option(name: "--gaps", help: "only what is not complete"),
        ],
        examples: ["parapet coverage production --gaps"], run: SyncOutput.coverage)

    static let permissions = Command(
        path: ["permissions"], summary: "The IAM policy that the catalogue needs beyond AWS's SecurityAudit",
        options: [
            Option(name: "--minimal", help: "one policy with exactly the actions that are called"),
            Option(name: "--format", value: "FORMAT", help: "policy (default) or table", choices: ["policy", "table"]),
        ],
        examples: ["parapet permissions", "parapet permissions --format table"]
    ) { call in
        let services = try call.context.services()
        guard call.value("--format") == "table" else {
            let response = try await services.sync.getPermissions(GetPermissionsRequest())
            Terminal.print((call.has("--minimal") ? response.minimalPolicy : response.customPolicy) + "\n")
            return .ok
        }
        var table = Table([
            .init(key: "resource_type", heading: "RESOURCE TYPE"),
            .init(key: "operations", heading: "OPERATIONS", shrinks: true),
            .init(key: "iam_actions", heading: "IAM ACTIONS", shrinks: true),
        ])
        for type in try await services.sync.listResourceTypes(ListResourceTypesRequest()).resourceTypes {
            table.append([
                cell(type.name), cell(type.operations.joined(separator: " ")),
                cell(type.iamActions.joined(separator: " ")),
            ])
        }
        call.context.print(table, empty: "no resource types")
        return .ok
    }

    /// Follows a sync through its assessment.
    private static func follow(_ services: Services, _ id: String, _ context: Context) async throws -> ExitCode {
        var request = WatchSyncRequest()
        request.syncId = id
        request.throughAssessment = true
        let begun = ContinuousClock.now
        let block = LiveBlock()
        let size = Terminal.errorSize
        var view = SyncWatchView(width: size.width, height: size.height)
        var last: Sync?
        for try await message in services.sync.watchSync(request) {
            guard let sync = message.sync else { continue }
            let isNew = last?.state != sync.state
            last = sync
            if context.isForPrograms { continue }
            if Terminal.errorIsTerminal {
                block.show(view.lines(message, elapsed: ContinuousClock.now - begun))
            } else {
                for end in message.ended { Terminal.warn(SyncWatchView.line(end) + "\n") }
                if isNew { Terminal.warn(word(sync.state) + "\n") }
            }
        }
        block.finish()
        guard let last else { return .failed }
        SyncOutput.show(last, context)
        return last.state == .succeeded || last.state == .partial ? .ok : .failed
    }
}
