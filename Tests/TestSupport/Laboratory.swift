import Crypto
import Glibc
public import JSON
import Platform
public import Testing

/// Parapet as a person runs it (`parapet up`) against an emulator, in a temporary folder.
public final class Laboratory: Sendable {
    public let folder: String
    public let emulator: Emulator
    private let up: ChildProcess

    public static let externalID = "canary-7f3a9c51e2d84b60"

    /// Tokens of a viewer and an operator, beside the administrator's in the profile.
    public static let viewerToken = "a-viewers-token"
    public static let operatorToken = "an-operators-token"

    private init(folder: String, emulator: Emulator, up: ChildProcess) {
        self.folder = folder
        self.emulator = emulator
        self.up = up
    }

    public var dataDirectory: String { folder + "/data" }

    /// Starts everything, runs a body, and ends everything, also when the body throws; then prints the logs' ends.
    public static func run(_ body: (Laboratory) async throws -> Void) async throws {
        let folder = try Files.createTemporaryDirectory(prefix: "parapet-integration")
        let emulator = try await Emulator.start(in: folder)
        let laboratory: Laboratory
        do { laboratory = try await start(folder, emulator) } catch {
            await emulator.stop()
            throw error
        }
        do {
            try await body(laboratory)
        } catch {
            laboratory.printLogs()
            await laboratory.stop()
            throw error
        }
        await laboratory.stop()
    }

    private static func start(_ folder: String, _ emulator: Emulator) async throws -> Laboratory {
        try Files.createDirectory(folder + "/data")
        let tokens = zip(["viewer", "operator"], [viewerToken, operatorToken]).map {
            "\($0) \(Hex.encode(SHA256.digest($1))) \($0)\n"
        }
        try Files.writeAtomically(Array(tokens.joined().utf8), to: folder + "/data/tokens")
        let log = try LogFile(folder + "/up.log")
        let up = try ChildProcess.start(
            [
                Repository.programs + "/parapet", "up", "--data-dir", folder + "/data", "--profile",
                folder + "/profile.json", "--ready-file", folder + "/ready",
            ],
            environment: emulator.environment, output: .descriptor(log.descriptor), error: .descriptor(log.descriptor))
        let laboratory = Laboratory(folder: folder, emulator: emulator, up: up)
        do {
            try await eventually("parapet up is ready") {
                guard up.status == nil else { throw HarnessError("parapet up ended") }
                return Files.exists(folder + "/ready")
            }
        } catch {
            laboratory.printLogs()
            _ = await up.stop()
            throw error
        }
        return laboratory
    }

    private func stop() async {
        _ = await up.stop(grace: .seconds(30))
        await emulator.stop()
        try? Files.removeTree(folder)
    }

    /// Kills `parapet up`, which leaves it no time to stop the services.
    public func killUp() { up.signal(SIGKILL) }

    private func printLogs() {
        for file in [
            "up.log", "data/logs/account-service.log", "data/logs/sync-service.log", "data/logs/assessment-service.log",
        ] {
            guard let bytes = try? Files.read("\(folder)/\(file)") else { continue }
            print("--- \(file)\n\(String(decoding: bytes.suffix(4000), as: UTF8.self))")
        }
    }

    /// The profile that `parapet up` wrote.
    public func profile() throws -> JSONValue { try JSONValue(parsing: Files.read(folder + "/profile.json")) }

    // MARK: The command line

    public struct Answer {
        public let code: Int32
        public let output: String
        public let error: String

        /// The rows of `-o jsonl`.
        public var rows: [JSONValue] {
            output.split(separator: "\n").compactMap { try? JSONValue(parsing: String($0)) }
        }
        /// The object of `-o json`.
        public var object: JSONValue { (try? JSONValue(parsing: output)) ?? .null }
    }

    /// Runs `parapet` with the installation's profile.
    public func parapet(_ words: String...) async throws -> Answer { try await parapet(words) }

    public func parapet(_ words: [String]) async throws -> Answer {
        var variables = emulator.environment
        variables["PARAPET_PROFILE"] = folder + "/profile.json"
        let run = try await ChildProcess.run(
            [Repository.programs + "/parapet"] + words, environment: variables, timeout: .seconds(180))
        let code: Int32 = if case .exited(let code) = run.status { code } else { -1 }
        return Answer(
            code: code, output: String(decoding: run.output, as: UTF8.self),
            error: String(decoding: run.error, as: UTF8.self))
    }

    /// Runs `parapet` on a terminal of 80 columns and 24 rows, and returns what it wrote there.
    public func onTerminal(_ words: String...) async throws -> String {
        var variables = emulator.environment
        variables["PARAPET_PROFILE"] = folder + "/profile.json"
        let command = "stty cols 80 rows 24; exec \(Repository.programs)/parapet \(words.joined(separator: " "))"
        let run = try await ChildProcess.run(
            ["/usr/bin/script", "-qec", command, "/dev/null"], environment: variables, timeout: .seconds(180))
        return String(decoding: run.output, as: UTF8.self)
    }

    /// Runs `parapet` and demands success.
    @discardableResult
    public func succeed(_ words: String..., location: SourceLocation = #_sourceLocation) async throws -> Answer {
        let answer = try await parapet(words)
        #expect(answer.code == 0, "parapet \(words.joined(separator: " ")): \(answer.error)", sourceLocation: location)
        return answer
    }

    // MARK: Common steps

    /// Makes Parapet's role in the account, as the template would, and onboards it; returns when it is assessed.
    public func onboard(_ name: String, account: String = "123456789012", regions: String = "us-east-1,eu-west-1")
        async throws
    {
        try await emulator.aws(
            """
            trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"sts:ExternalId": "\(Self.externalID)"}}}]}
            client("iam", account="\(account)").create_role(RoleName="ParapetReadOnly", AssumeRolePolicyDocument=json.dumps(trust))
            """)
        let secret = folder + "/external-id"
        try Files.writeAtomically(Array((Self.externalID + "\n").utf8), to: secret)
        try await succeed(
            "onboard", "--name", name, "--external-id-file", secret, "--role-arn",
            "arn:aws:iam::\(account):role/ParapetReadOnly",
            "--regions", regions, "--wait")
    }

    /// Syncs, and returns when the assessment has ended.
    public func sync(_ name: String) async throws { try await succeed("sync", "start", name, "--wait") }

    /// The findings of one control on one asset, by ARN.
    public func finding(_ control: String, _ arn: String, account: String) async throws -> JSONValue? {
        try await succeed("finding", "list", "--account", account, "--control", control, "--arn", arn, "-o", "jsonl")
            .rows.first
    }

    /// Alerts of one control on one asset in any state.
    public func alert(_ control: String, _ arn: String, account: String) async throws -> JSONValue? {
        try await succeed(
            "alert", "list", "--account", account, "--control", control, "--arn", arn, "--state", "all", "-o", "jsonl"
        ).rows.first
    }

    /// Every file that the services wrote, with its bytes.
    public func everythingWritten() throws -> [(path: String, bytes: [UInt8])] {
        var found: [(String, [UInt8])] = []
        func walk(_ folder: String) throws {
            for name in try Files.list(folder) {
                let path = folder + "/" + name
                if Files.isDirectory(path) {
                    try walk(path)
                } else {
                    found.append((path, try Files.read(path, limitBytes: 1 << 30)))
                }
            }
        }
        try walk(dataDirectory)
        return found
    }

    /// Ids of the processes that run a service of this installation.
    public func processes(of service: String) throws -> [Int32] {
        try Files.list("/proc").compactMap { Int32($0) }.filter { id in
            guard let line = try? Files.read("/proc/\(id)/cmdline") else { return false }
            let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            return words.first?.hasSuffix("/" + service) == true && words.contains(dataDirectory + "/" + service)
        }
    }
}
