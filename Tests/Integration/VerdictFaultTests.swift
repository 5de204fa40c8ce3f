import JSON
import TestSupport
import Testing

/// Faults of calls, seen from the verdicts and alerts that stand on them.
extension IntegrationTests {
    /// A call of each kind: a listing by page, a listing of EC2, an item's own.
    private static let faultyCalls: [(type: String, service: String, operation: String)] = [
        ("aws_sns_topic", "sns", "ListTopics"), ("aws_vpc_security_group", "ec2", "DescribeSecurityGroups"),
        ("aws_s3_bucket", "s3", "GetBucketPolicy"),
    ]

    /// Faults of the proxy, and the codes that coverage shows for them.
    private static let kinds: [(fault: JSONObject, codes: Set<String>)] = [
        (["fault": "deny"], ["AccessDenied", "UnauthorizedOperation"]),
        (["fault": "throttle"], ["Throttling", "RequestLimitExceeded", "SlowDown"]),
        (["fault": "cut"], ["Parapet.MalformedResponse"]),
        (["fault": "page"], ["Parapet.MalformedResponse"]),
        (["fault": "page", "status": 200], ["Parapet.MalformedResponse"]),
        // The breaker opens meanwhile, for what comes after.
        (["fault": "hang"], ["Parapet.Timeout", "Parapet.Connection"]),
    ]

    @Test func `whatever keeps a call from being answered, no verdict becomes certain by it and no alert resolves`()
        async throws
    {
        try await Laboratory.run { lab in
            try await lab.emulator.aws(
                """
                client("sns").create_topic(Name="faulty")
                client("s3").create_bucket(Bucket="faulty")
                client("s3").put_bucket_policy(Bucket="faulty", Policy=json.dumps({"Version": "2012-10-17", "Statement": [
                    {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::faulty/*"}]}))
                """)
            try await lab.onboard("faulty", regions: "us-east-1")
            let whole = try await Standing(lab)
            for call in Self.faultyCalls {
                #expect(whole.findings.contains { $0.key.hasPrefix(call.type) && $0.value.status == "fail" }, "\(call)")
            }
            for (fault, codes) in Self.kinds {
                try await lab.emulator.setFaults(
                    .array(
                        Self.faultyCalls.map { call in
                            var rule = fault
                            rule["service"] = .string(call.service)
                            rule["operation"] = .string(call.operation)
                            return .object(rule)
                        }))
                try await lab.sync("faulty")
                try await Self.judge(
                    try await Standing(lab), against: whole, "\(JSONValue.object(fault).text())", codes)
            }
            try await lab.emulator.setFaults([])
            // The breaker of a service that hung stays open for half a minute.
            try await eventually("everything is as it was before", limit: .seconds(90)) {
                try await lab.sync("faulty")
                let healed = try await Standing(lab)
                return healed.findings == whole.findings && healed.alerts == whole.alerts
                    && healed.assets == whole.assets
                    && healed.gaps.map { $0["code"] } == whole.gaps.map { $0["code"] }
            }
        }
    }

    private static func judge(
        _ now: Standing, against whole: Standing, _ fault: Comment, _ codes: Set<String>
    ) async throws {
        #expect(now.assets == whole.assets, fault)
        #expect(now.alerts == whole.alerts, "an alert opened, resolved or changed: \(fault)")
        // What may apply to an asset of which not all is known is unknown, so there may be more of them.
        let lost = Set(whole.findings.keys).subtracting(now.findings.keys)
        #expect(lost.isEmpty, fault)
        for (name, finding) in now.findings where finding.status != "unknown" {
            #expect(finding.status == whole.findings[name]?.status, "\(name): \(fault)")
        }
        for call in faultyCalls {
            let unknown = now.findings.filter { $0.key.hasPrefix(call.type) && $0.value.status == "unknown" }
            #expect(unknown.contains { whole.findings[$0.key]?.status == "fail" }, "\(call.type): \(fault)")
            #expect(
                unknown.contains { finding in codes.contains { finding.value.reason.contains($0) } },
                "\(call.type): \(fault): \(unknown)")
            #expect(
                now.gaps.contains { gap in
                    gap["resource_type"]?.string == call.type
                        && gap["operation"]?.string?.hasSuffix(call.operation) == true
                        && codes.contains(gap["code"]?.string ?? "") && gap["message"]?.string?.isEmpty == false
                }, "\(call.type): \(fault): \(now.gaps.map { $0.text() })")
        }
    }
}

/// What a person sees of an account.
private struct Standing {
    struct Finding: Equatable {
        var status: String
        var reason: String
    }

    /// By resource type, control and ARN.
    var findings: [String: Finding] = [:]
    /// Alerts in any state, with that state.
    var alerts: Set<String>
    var assets: Set<String>
    var gaps: [JSONValue]

    init(_ lab: Laboratory) async throws {
        func rows(_ words: String...) async throws -> [JSONValue] {
            let answer = try await lab.parapet(words + ["-o", "jsonl"])
            #expect(answer.code == 0, "\(words): \(answer.error)")
            return answer.rows
        }
        func text(_ row: JSONValue, _ names: String...) -> String {
            names.map { row[$0]?.string ?? "" }.joined(separator: " ")
        }
        for row in try await rows("finding", "list", "--account", "faulty") {
            findings[text(row, "resource_type", "control", "arn")] = Finding(
                status: text(row, "status"), reason: text(row, "reason"))
        }
        alerts = Set(
            try await rows("alert", "list", "--account", "faulty", "--state", "all").map { text($0, "id", "state") })
        assets = Set(try await rows("asset", "list", "--account", "faulty").map { text($0, "region", "arn") })
        gaps = try await rows("coverage", "faulty", "--gaps")
    }
}
