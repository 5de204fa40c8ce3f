import JSON
import Platform
import TestSupport
import Testing

/// The main job with real processes: `parapet up`, an emulator of AWS and the command line.
extension IntegrationTests {
    @Test func `the four steps lead from a name to explained alerts`() async throws {
        try await Laboratory.run { lab in
            // Step 1.
            try await lab.succeed("account", "create", "--name", "steps")
            // Step 2, made in the account from the CloudFormation template.
            let template = lab.folder + "/role.yaml"
            try await lab.succeed("account", "template", "steps", "--format", "cloudformation", "--out", template)
            #expect(try Files.mode(of: template) & 0o777 == 0o600)
            let role = try await lab.emulator.aws(
                """
                cloudformation = client("cloudformation")
                cloudformation.create_stack(StackName="parapet", TemplateBody=open("\(template)").read(), Capabilities=["CAPABILITY_NAMED_IAM"])
                print({o["OutputKey"]: o["OutputValue"] for o in cloudformation.describe_stacks(StackName="parapet")["Stacks"][0]["Outputs"]}["RoleArn"], end="")
                """)
            try await Self.makeBuckets(lab)
            // Step 3.
            let regions = try await lab.succeed("account", "regions", "steps", "-o", "jsonl").rows
            #expect(regions.contains { $0["region"] == "eu-west-1" })
            // The test of the connection: the emulator lets anyone assume a role, and Parapet says so.
            let test = try await lab.succeed("account", "test", "steps", "--role-arn", role, "-o", "json").object
            let outcomes = Dictionary(
                uniqueKeysWithValues: (test["checks"]?.array ?? []).map {
                    ($0["name"]?.string ?? "", $0["outcome"]?.string ?? "")
                })
            #expect(outcomes["assume_role"] == "passed")
            #expect(outcomes["account_id"] == "passed")
            #expect(outcomes["external_id_omitted"] == "warning")
            // Step 4.
            let connected = try await lab.succeed(
                "account", "connect", "steps", "--regions", "us-east-1,eu-west-1", "--wait", "-o", "json"
            ).object
            #expect(connected["done"] == true)
            #expect((connected["open_alerts"]?.int64 ?? 0) > 0)
            #expect((connected["assets"]?.int64 ?? 0) > 2)
            try await Self.checkAlertIsExplained(lab)
            try await Self.checkNothingSecretIsShown(lab, template: template)
        }
    }

    private static func makeBuckets(_ lab: Laboratory) async throws {
        try await lab.emulator.aws(
            """
            s3 = client("s3")
            s3.create_bucket(Bucket="steps-plain")
            s3.create_bucket(Bucket="steps-versioned")
            s3.put_bucket_versioning(Bucket="steps-versioned", VersioningConfiguration={"Status": "Enabled"})
            """)
    }

    private static func checkAlertIsExplained(_ lab: Laboratory) async throws {
        let alert = try await lab.alert("s3_bucket_versioning_is_enabled", "arn:aws:s3:::steps-plain", account: "steps")
        #expect(alert?["state"] == "open")
        #expect(alert?["reason"]?.string?.contains("should be Enabled") == true)
        let explained = try await lab.succeed("alert", "explain", alert?["id"]?.string ?? "", "-o", "json").object
        #expect(explained["configuration"]?["Name"] == "steps-plain")
        #expect(explained["control_definition"]?["sql"]?.string?.contains("select") == true)
        #expect(explained["events"]?.array?.first?["event"] == "opened")
        let good = try await lab.finding(
            "s3_bucket_versioning_is_enabled", "arn:aws:s3:::steps-versioned", account: "steps")
        #expect(good?["status"] == "pass")
        let row = try #require(good?.object)
        for key in ["account", "region", "control", "resource_type", "arn", "status", "severity", "reason"] {
            #expect(row[key] != nil, "a finding's row has no \(key)")
        }
    }

    /// The generated external ID is in the template, and in nothing else that a person is shown.
    private static func checkNothingSecretIsShown(_ lab: Laboratory, template: String) async throws {
        let text = String(decoding: try Files.read(template), as: UTF8.self)
        let line = try #require(text.split(separator: "\n").first { $0.contains("sts:ExternalId") })
        let secret = try #require(line.split(whereSeparator: { "\"' ".contains($0) }).last.map(String.init))
        #expect(secret.count > 20)
        for words in [
            ["account", "show", "steps", "-o", "json"], ["account", "list", "-o", "json"],
            ["account", "show", "steps"],
        ] {
            let answer = try await lab.parapet(words)
            #expect(!answer.output.contains(secret))
        }
    }

    @Test func `onboarding is a conversation on a terminal`() async throws {
        try await Laboratory.run { lab in
            let stack = """
                import boto3
                aws = boto3.client("cloudformation", endpoint_url="\(lab.emulator.upstream)", region_name="us-east-1",
                    aws_access_key_id="seed", aws_secret_access_key="seed")
                aws.create_stack(StackName="talk", TemplateBody=open("parapet-role-talk.yaml").read(), Capabilities=["CAPABILITY_NAMED_IAM"])
                print({o["OutputKey"]: o["OutputValue"] for o in aws.describe_stacks(StackName="talk")["Stacks"][0]["Outputs"]}["RoleArn"])
                """
            try Files.writeAtomically(Array(stack.utf8), to: lab.folder + "/stack.py")
            let answers: JSONValue = [
                ["choice [1]: ", "1"], ["ARN of the role", .string("!\(Emulator.python) stack.py")],
                ["Regions (`all`, or names with commas)", "us-east-1"],
            ]
            try Files.writeAtomically(Array(answers.text().utf8), to: lab.folder + "/answers.json")
            var variables = lab.emulator.environment
            variables["PARAPET_PROFILE"] = lab.folder + "/profile.json"
            let run = try await ChildProcess.run(
                [
                    "/bin/sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", lab.folder, Emulator.python,
                    Repository.root + "/Tests/TestSupport/Programs/converse.py", "--answers", "answers.json", "--",
                    Repository.programs + "/parapet", "onboard", "--name", "talk",
                ], environment: variables, timeout: .seconds(150))
            let shown = String(decoding: run.output, as: UTF8.self)
            #expect(run.status.isSuccess, "\(shown)\(String(decoding: run.error, as: UTF8.self))")
            #expect(shown.contains("default resources"), "step 3 explains default resources: \(shown)")
            #expect(shown.contains("open alert"), "it ends with what was found: \(shown)")
            #expect(try Files.mode(of: lab.folder + "/parapet-role-talk.yaml") & 0o777 == 0o600)
            let account = try await lab.succeed("account", "show", "talk", "-o", "json").object
            #expect(account["state"] == "enabled")
            #expect(account["regions"] == "us-east-1")
        }
    }

    @Test func `accounts and errors are addressed by name or id, with the exit codes of the design`() async throws {
        try await Laboratory.run { lab in
            let id =
                try await lab.succeed("account", "create", "--name", "codes", "-o", "json").object["id"]?.string ?? ""
            #expect(try await lab.succeed("account", "show", id, "-o", "json").object["name"] == "codes")
            #expect(try await lab.parapet("account", "show", "nobody").code == 3)
            #expect(try await lab.parapet("account", "create", "--name", "codes").code == 4)
            #expect(try await lab.parapet("account", "create", "--name", "").code == 2)
            #expect(
                try await lab.parapet("account", "connect", "codes", "--role-arn", "arn:aws:iam::1:role/x").code == 2)
            #expect(try await lab.parapet("sync", "start", "codes").code == 4)
            let profile = lab.folder + "/other.json"
            let text = String(decoding: try Files.read(lab.folder + "/profile.json"), as: UTF8.self)
            let token = try JSONValue(parsing: text)["token"]?.string ?? ""
            try Files.writeAtomically(Array(text.replacing(token, with: "wrong-token").utf8), to: profile)
            #expect(try await lab.parapet("account", "list", "--profile", profile).code == 5)
            #expect(try await lab.parapet("account", "list", "--profile", lab.folder + "/none.json").code == 6)
        }
    }
}

/// One at a time: each test starts an emulator and three services on two cores.
@Suite(.serialized) struct IntegrationTests {}
