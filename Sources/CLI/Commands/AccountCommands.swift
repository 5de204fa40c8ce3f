import API
import JSON
import Platform
import RPC
import Wire

private let account = Positional(name: "ID", help: "id or name of the account")

/// `parapet account …`, but for onboarding as a conversation.
enum AccountCommands {
    static let all = [create, template, regions, test, connect, list, show, watch, update, enable, disable, delete]

    static let create = Command(
        path: ["account", "create"], summary: "Step 1: name an account and give it an external ID",
        details:
            "The external ID is generated unless a file gives one. It is never printed: step 2 puts it into the role template.",
        options: [
            Option(name: "--name", value: "NAME", help: "unique name of the account", required: true),
            Option(
                name: "--external-id-file", value: "FILE", help: "file with the external ID; `-` reads standard input"),
        ],
        examples: [
            "parapet account create --name production",
            "parapet account create --name production --external-id-file id.txt",
        ]
    ) { call in
        var request = CreateAccountRequest()
        request.name = call.value("--name") ?? ""
        request.externalId = try SecretInput.read(file: call.value("--external-id-file")) ?? ""
        let response = try await call.context.services().account.createAccount(request)
        AccountOutput.show(response.account, call.context)
        if !call.context.isForPrograms {
            Terminal.print(
                "\nnext: parapet account template \(response.account?.name ?? "") --format cloudformation --out role.yaml\n"
            )
        }
        return .ok
    }

    static let template = Command(
        path: ["account", "template"], summary: "Step 2: the read-only role to create in the AWS account",
        details:
            "The template carries the external ID: a file written by --out is readable by you alone. Every call is audited.",
        positionals: [account],
        options: [
            Option(
                name: "--format", value: "FORMAT", help: "form of the template", required: true,
                choices: ["cloudformation", "terraform", "manual"]),
            Option(name: "--out", value: "FILE", help: "write it there (0600) instead of printing it"),
            Option(
                name: "--permissions", value: "SET", help: "what the role may read",
                choices: ["security-audit", "minimal"]),
            Option(name: "--role-name", value: "NAME", help: "name of the role in AWS; default ParapetReadOnly"),
        ],
        examples: [
            "parapet account template production --format cloudformation --out role.yaml",
            "parapet account template production --format manual --out role.sh",
        ]
    ) { call in
        var request = GetRoleTemplateRequest()
        request.accountId = try call.positional("ID")
        request.format =
            ["cloudformation": .cloudformation, "terraform": .terraform, "manual": .manual][
                call.value("--format") ?? ""] ?? .unspecified
        request.permissionSet = call.value("--permissions") == "minimal" ? .minimal : .securityAudit
        request.roleName = call.value("--role-name") ?? ""
        let response = try await call.context.services().account.getRoleTemplate(request)
        if let path = call.value("--out") {
            try Files.writeAtomically(Array(response.template.utf8), to: path, mode: 0o600)
            Terminal.warn("wrote \(path) (it holds the external ID: keep it to yourself, remove it when done)\n")
        } else {
            Terminal.print(response.template)
        }
        let steps = response.instructions.map {
            $0.replacing(response.fileName, with: call.value("--out") ?? response.fileName)
        }
        let notes =
            ["principal trusted by the role: \(response.principalArn)"] + steps + response.notices.map { "note: \($0)" }
        Terminal.warn(notes.map { $0 + "\n" }.joined())
        return .ok
    }

    static let regions = Command(
        path: ["account", "regions"], summary: "Step 3: the regions to choose from", positionals: [account],
        examples: ["parapet account regions production"]
    ) { call in
        var request = ListRegionsRequest()
        request.accountId = try call.positional("ID")
        let response = try await call.context.services().account.listRegions(request)
        var table = Table([
            .init(key: "region", heading: "REGION"), .init(key: "description", heading: "DESCRIPTION"),
            .init(key: "opt_in_state", heading: "OPT-IN"), .init(key: "selected", heading: "COLLECTED"),
        ])
        for region in response.regions {
            table.append([cell(region.name), cell(region.description), cell(region.optInState), .bool(region.selected)])
        }
        call.context.print(table, empty: "no regions")
        if !response.optInKnown, !response.optInError.isEmpty {
            Terminal.warn("opt-in states are not known: \(Terminal.printable(response.optInError))\n")
        }
        if !call.context.isForPrograms { Terminal.print("\n\(response.defaultResourcesNotice)\n") }
        return .ok
    }

    static let test = Command(
        path: ["account", "test"], summary: "Assume the role and report each check",
        details: "AWS refuses a role that was made seconds ago: a refusal is retried for up to a minute.",
        positionals: [account],
        options: [
            Option(
                name: "--role-arn", value: "ARN",
                help: "store this role first; of a connected account it is a candidate until the test passed")
        ],
        examples: ["parapet account test production --role-arn arn:aws:iam::123456789012:role/ParapetReadOnly"]
    ) { call in
        let result = try await Onboarding.test(
            call.context.services(), account: call.positional("ID"), roleARN: call.value("--role-arn") ?? "",
            quiet: call.context.isForPrograms)
        AccountOutput.show(result, call.context)
        return result.passed ? .ok : .refusedByState
    }

    static let connect = Command(
        path: ["account", "connect"], summary: "Step 4: test and save the connection; the first sync starts",
        positionals: [account],
        options: [
            Option(name: "--role-arn", value: "ARN", help: "the role; default: the one that was stored or tested"),
            Option(name: "--regions", value: "LIST", help: "`all` (default) or names with commas"),
            Option(name: "--wait", help: "wait until the first assessment has ended"),
        ],
        examples: ["parapet account connect production --regions eu-central-1,us-east-1 --wait"]
    ) { call in
        let services = try call.context.services()
        let id = try call.positional("ID")
        let connected = try await Onboarding.connect(
            services, account: id, roleARN: call.value("--role-arn") ?? "", regions: call.value("--regions") ?? "all")
        guard call.has("--wait") else {
            AccountOutput.show(connected, call.context)
            return .ok
        }
        return try await Onboarding.watch(services, account: connected?.id ?? id, call.context)
    }

    static let list = Command(
        path: ["account", "list"], summary: "All accounts",
        options: [
            Option(
                name: "--state", value: "STATE", help: "only accounts in it",
                choices: ["draft", "enabled", "disabling", "disabled", "deleting"]),
            Option(name: "--name", value: "TEXT", help: "only accounts whose name contains it"), limitOption,
        ],
        examples: ["parapet account list", "parapet account list -o jsonl"]
    ) { call in
        let services = try call.context.services()
        let state: AccountState = try call.choice("--state", default: .unspecified)
        let accounts = try await allPages(limit: call.limit()) { token, size in
            var request = ListAccountsRequest()
            request.state = state
            request.nameContains = call.value("--name") ?? ""
            request.pageToken = token
            request.pageSize = size
            let page = try await services.account.listAccounts(request)
            return (page.accounts, page.nextPageToken)
        }
        var table = AccountOutput.table
        for account in accounts { table.append(AccountOutput.row(account)) }
        call.context.print(table, empty: "no accounts yet; `parapet onboard --name NAME` connects one")
        return .ok
    }

    static let show = Command(
        path: ["account", "show"], summary: "One account", positionals: [account],
        examples: ["parapet account show production"]
    ) { call in
        var request = GetAccountRequest()
        request.accountId = try call.positional("ID")
        let response = try await call.context.services().account.getAccount(request)
        AccountOutput.show(response.account, call.context)
        return .ok
    }

    static let watch = Command(
        path: ["account", "watch"], summary: "Follow the sync and the assessment of an account until both are done",
        positionals: [account],
        examples: ["parapet account watch production"]
    ) { call in
        try await Onboarding.watch(call.context.services(), account: call.positional("ID"), call.context)
    }

    static let update = Command(
        path: ["account", "update"], summary: "Change name, role, external ID, regions or schedule",
        details:
            "A new role or external ID of a connected account is tested at once, and used from then on only if the test passes.",
        positionals: [account],
        options: [
            Option(name: "--name", value: "NAME", help: "new unique name"),
            Option(name: "--role-arn", value: "ARN", help: "new role"),
            Option(
                name: "--external-id-file", value: "FILE",
                help: "file with the new external ID; `-` reads standard input"),
            Option(name: "--regions", value: "LIST", help: "`all` or names with commas"),
            Option(name: "--schedule", value: "HOURS", help: "hours between syncs, such as 24h, or `off`"),
        ],
        examples: [
            "parapet account update production --regions all", "parapet account update production --schedule 6h",
        ]
    ) { call in
        let services = try call.context.services()
        var request = UpdateAccountRequest()
        request.accountId = try call.positional("ID")
        var paths: [String] = []
        if let name = call.value("--name") { request.name = name; paths.append("name") }
        if let arn = call.value("--role-arn") { request.roleArn = arn; paths.append("role_arn") }
        if let secret = try SecretInput.read(file: call.value("--external-id-file")) {
            request.externalId = secret; paths.append("external_id")
        }
        if let regions = call.value("--regions") {
            request.regions = RegionSelection(text: regions); paths.append("regions")
        }
        if let schedule = call.value("--schedule") {
            request.schedule = try SyncSchedule(text: schedule); paths.append("schedule")
        }
        guard !paths.isEmpty else { throw CLIError.usage("nothing to change", command: call.command) }
        var mask = FieldMask()
        mask.paths = paths
        request.updateMask = mask
        var updated = try await services.account.updateAccount(request).account
        if let changed = updated, changed.candidate != nil, changed.state == .enabled {
            let result = try await Onboarding.test(
                services, account: changed.id, roleARN: "", quiet: call.context.isForPrograms)
            guard result.passed else {
                AccountOutput.show(result, call.context)
                Terminal.warn("the old connection stays in use\n")
                return .refusedByState
            }
            var again = GetAccountRequest()
            again.accountId = changed.id
            updated = try await services.account.getAccount(again).account
        }
        AccountOutput.show(updated, call.context)
        return .ok
    }

    static let enable = Command(
        path: ["account", "enable"], summary: "End the freeze of a disabled account; a sync starts",
        positionals: [account],
        examples: ["parapet account enable production"]
    ) { call in
        var request = EnableAccountRequest()
        request.accountId = try call.positional("ID")
        AccountOutput.show(try await call.context.services().account.enableAccount(request).account, call.context)
        return .ok
    }

    static let disable = Command(
        path: ["account", "disable"], summary: "Freeze an account: no AWS call is made for it", positionals: [account],
        examples: ["parapet account disable production"]
    ) { call in
        var request = DisableAccountRequest()
        request.accountId = try call.positional("ID")
        AccountOutput.show(try await call.context.services().account.disableAccount(request).account, call.context)
        return .ok
    }

    static let delete = Command(
        path: ["account", "delete"], summary: "Purge an account from Parapet, and say how to remove the role",
        positionals: [account],
        options: [Option(name: "--yes", help: "do not ask")],
        examples: ["parapet account delete production --yes"]
    ) { call in
        let id = try call.positional("ID")
        guard try call.has("--yes") || Prompt.confirm("Delete account \(id) with its assets, findings and alerts?")
        else { return .failed }
        var request = DeleteAccountRequest()
        request.accountId = id
        let response = try await call.context.services().account.deleteAccount(request)
        call.context.print(
            object: .object([
                "account": .string(response.account?.name ?? id),
                "role_removal_steps": .array(response.roleRemovalSteps.map { .string($0) }),
            ]),
            text:
                "account \(Terminal.printable(response.account?.name ?? id)) is being purged; to remove the role in AWS:\n"
                + response.roleRemovalSteps.map { "  \($0)\n" }.joined())
        return .ok
    }
}
