import API
import JSON

/// How accounts and tests of connections are printed.
enum AccountOutput {
    static let table = Table([
        .init(key: "name", heading: "NAME"), .init(key: "state", heading: "STATE"),
        .init(key: "aws_account", heading: "AWS ACCOUNT"),
        .init(key: "regions", heading: "REGIONS", shrinks: true), .init(key: "schedule", heading: "SCHEDULE"),
        .init(key: "role_arn", heading: "ROLE", shrinks: true), .init(key: "id", heading: "ID"),
        .init(key: "partition"),
        .init(key: "revision"), .init(key: "create_time"), .init(key: "update_time"),
    ])

    static func row(_ account: Account) -> [JSONValue] {
        [
            cell(account.name), cell(account.state), cell(account.awsAccountId), cell(account.regions?.text ?? ""),
            cell(account.schedule?.text ?? "24h"), cell(account.roleArn), cell(account.id), cell(account.partition),
            cell(account.revision), cell(account.createTime), cell(account.updateTime),
        ]
    }

    /// One account, a property a line.
    static func show(_ account: Account?, _ context: Context) {
        guard let account else { return }
        var members = JSONObject(zip(table.columns.map(\.key), row(account)).map { ($0, $1) })
        if let candidate = account.candidate {
            members["candidate"] = .object([
                "role_arn": .string(candidate.roleArn), "external_id_changed": .bool(candidate.externalIdChanged),
                "revision": cell(candidate.revision),
            ])
        }
        if let test = account.lastTest { members["last_test"] = value(test) }
        context.print(object: .object(members), text: properties(account))
    }

    private static func properties(_ account: Account) -> String {
        var lines = [
            ("name", account.name), ("id", account.id), ("state", word(account.state)),
            ("AWS account", account.awsAccountId),
            ("role", account.roleArn), ("regions", account.regions?.text ?? ""),
            ("schedule", account.schedule?.text ?? "24h"),
        ]
        if let candidate = account.candidate {
            lines.append(("candidate role", "\(candidate.roleArn) (not tested yet)"))
        }
        if let test = account.lastTest { lines.append(("last test", test.passed ? "passed" : "failed")) }
        return lines.filter { !$0.1.isEmpty }.map { name, text in
            name + String(repeating: " ", count: 16 - name.count) + Terminal.printable(text) + "\n"
        }.joined()
    }

    /// The result of a test, a check a line.
    static func show(_ test: ConnectionTest, _ context: Context) {
        context.print(object: value(test), text: text(test))
    }

    static func text(_ test: ConnectionTest) -> String {
        test.checks.map { check in
            let (mark, colour): (String, Terminal.Colour) =
                switch check.outcome {
                case .passed: ("ok  ", .green)
                case .warning: ("warn", .yellow)
                case .failed: ("FAIL", .red)
                default: ("?   ", .yellow)
                }
            return "\(Terminal.coloured(mark, colour))  \(check.name): \(Terminal.printable(check.message))\n"
        }.joined()
    }

    static func value(_ test: ConnectionTest) -> JSONValue {
        .object([
            "passed": .bool(test.passed), "aws_account": .string(test.awsAccountId),
            "principal_arn": .string(test.principalArn),
            "time": cell(test.time), "revision": cell(test.revision),
            "checks": .array(
                test.checks.map {
                    .object(["name": .string($0.name), "outcome": cell($0.outcome), "message": .string($0.message)])
                }),
        ])
    }
}
