import API
import JSON
import Platform
import RPC
import Wire

/// `parapet onboard`: the four steps as one conversation, or as one command with flags.
enum OnboardCommand {
    static let command = Command(
        path: ["onboard"], summary: "Connect an account: the four steps in one go",
        details: """
            With --role-arn it asks nothing: the role exists and was made with the external ID of the file. Without it
            the steps are a conversation: the role template is written to a file, and the ARN is asked for. An account of
            that name that is still a draft is continued.
            """,
        options: [
            Option(name: "--name", value: "NAME", help: "unique name of the account", required: true),
            Option(
                name: "--external-id-file", value: "FILE",
                help: "file with the external ID; `-` reads standard input; default: generated"),
            Option(name: "--role-arn", value: "ARN", help: "the role, where it exists already"),
            Option(name: "--regions", value: "LIST", help: "`all` or names with commas; default: asked for, or all"),
            Option(name: "--wait", help: "end when the first assessment has; the exit code tells how it went"),
        ],
        examples: [
            "parapet onboard --name production",
            "parapet onboard --name production --external-id-file id.txt --role-arn arn:aws:iam::123456789012:role/ParapetReadOnly --regions all --wait",
        ], run: run)

    private static func run(_ call: Invocation) async throws -> ExitCode {
        let services = try call.context.services()
        let name = call.value("--name") ?? ""
        let draft = try await draft(services, name: name, call)
        let roleARN = try await roleARN(services, draft, call)
        let test = try await Onboarding.test(
            services, account: draft.id, roleARN: roleARN, quiet: call.context.isForPrograms)
        if !call.context.isForPrograms || !test.passed { Terminal.warn(AccountOutput.text(test)) }
        guard test.passed else {
            throw CLIError(
                code: .refusedByState, message: "the role could not be used; the account stays a draft",
                hint: "mend what failed, then repeat `parapet onboard --name '\(name)' --role-arn \(roleARN)`")
        }
        let regions = try await regions(services, draft, call)
        let connected = try await Onboarding.connect(services, account: draft.id, roleARN: "", regions: regions)
        guard call.has("--wait") || isConversation(call) else {
            AccountOutput.show(connected, call.context)
            return .ok
        }
        return try await Onboarding.watch(services, account: draft.id, call.context)
    }

    private static func isConversation(_ call: Invocation) -> Bool { call.value("--role-arn") == nil }

    /// Step 1: a new draft, or the one that an earlier attempt left.
    private static func draft(_ services: Services, name: String, _ call: Invocation) async throws -> Account {
        let secret = try SecretInput.read(file: call.value("--external-id-file"))
        var find = GetAccountRequest()
        find.accountId = name
        do {
            let found = try await services.account.getAccount(find).account
            guard let found, found.state == .draft else {
                throw CLIError(
                    code: .refusedByState, message: "account \(name) is connected already",
                    hint: "`parapet account update` changes it; `parapet account show \(name)` shows it")
            }
            guard let secret else { return found }
            var update = UpdateAccountRequest()
            update.accountId = found.id
            update.externalId = secret
            var mask = FieldMask()
            mask.paths = ["external_id"]
            update.updateMask = mask
            return try await services.account.updateAccount(update).account ?? found
        } catch let error as RPCError where error.code == .notFound || error.code == .invalidArgument {
            var create = CreateAccountRequest()
            create.name = name
            create.externalId = secret ?? ""
            guard let made = try await services.account.createAccount(create).account else {
                throw CLIError(code: .failed, message: "the service returned no account")
            }
            return made
        }
    }

    /// Step 2: the role, made by the person from the template.
    private static func roleARN(_ services: Services, _ draft: Account, _ call: Invocation) async throws -> String {
        if let arn = call.value("--role-arn") { return arn }
        try Prompt.requireTerminal(instead: "give --role-arn (and --external-id-file)")
        let form = try Prompt.choose(
            "Step 2. How will you create the role?", ["cloudformation", "terraform", "manual"])
        var request = GetRoleTemplateRequest()
        request.accountId = draft.id
        request.format =
            ["cloudformation": .cloudformation, "terraform": .terraform, "manual": .manual][form] ?? .unspecified
        let template = try await services.account.getRoleTemplate(request)
        try Files.writeAtomically(Array(template.template.utf8), to: template.fileName, mode: 0o600)
        Terminal.print("\nwrote \(template.fileName); it holds the external ID, so keep it to yourself\n")
        for line in template.instructions { Terminal.print("  \(line)\n") }
        for notice in template.notices { Terminal.print("  note: \(notice)\n") }
        return try Prompt.ask("\nARN of the role (output RoleArn): ")
    }

    /// Step 3: regions.
    private static func regions(_ services: Services, _ draft: Account, _ call: Invocation) async throws -> String {
        if let regions = call.value("--regions") { return regions }
        guard isConversation(call) else { return "all" }
        var request = ListRegionsRequest()
        request.accountId = draft.id
        let response = try await services.account.listRegions(request)
        let usable = response.regions.filter { $0.optInState != .notOptedIn }
        Terminal.print(
            "\nStep 3. \(counted(usable.count, "region")) can be collected: \(usable.map(\.name).joined(separator: ", "))\n"
        )
        Terminal.print("\(response.defaultResourcesNotice)\n")
        let answer = try Prompt.ask("Regions (`all`, or names with commas) [all]: ", default: "all")
        return answer
    }
}
