public import JSON
import Platform
import Testing

/// An AWS emulator with a fault proxy before it, and a way to change what is in the account.
public final class Emulator: Sendable {
    private let server: ChildProcess
    private let proxy: ChildProcess
    private let folder: String
    /// What Parapet is pointed at: the proxy.
    public let endpoint: String
    /// The emulator itself: calls made here are a test's own, neither counted nor refused.
    public let upstream: String

    public static let python = Environment.value("PARAPET_PYTHON") ?? Repository.root + "/.venv/bin/python3"

    /// The environment in which Parapet finds the emulator and credentials for it.
    public var environment: [String: String] {
        var variables = Environment.all.filter { !$0.key.hasPrefix("AWS_") && !$0.key.hasPrefix("PARAPET_") }
        variables["AWS_ENDPOINT_URL"] = endpoint
        variables["AWS_REGION"] = "us-east-1"
        variables["AWS_ACCESS_KEY_ID"] = "integration"
        variables["AWS_SECRET_ACCESS_KEY"] = "integration-secret-key"
        variables["HOME"] = folder
        return variables
    }

    private init(server: ChildProcess, proxy: ChildProcess, folder: String, endpoint: String, upstream: String) {
        self.server = server
        self.proxy = proxy
        self.folder = folder
        self.endpoint = endpoint
        self.upstream = upstream
    }

    public static func start(in folder: String) async throws -> Emulator {
        let port = try LoopbackPort.free()
        let upstream = "http://127.0.0.1:\(port)"
        var variables = Environment.all
        variables["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
        let log = try LogFile(folder + "/emulator.log")
        let server = try ChildProcess.start(
            [python, "-m", "moto.server", "-H", "127.0.0.1", "-p", "\(port)"], environment: variables,
            output: .descriptor(log.descriptor),
            error: .descriptor(log.descriptor))
        let ready = folder + "/proxy.ready"
        let proxy = try ChildProcess.start(
            [
                python, Repository.root + "/Tests/TestSupport/Programs/fault_proxy.py", "--upstream", upstream,
                "--ready-file", ready, "--outside-file", folder + "/outside", "--share",
                Repository.root + "/share/parapet",
            ],
            output: .descriptor(log.descriptor), error: .descriptor(log.descriptor))
        try await eventually("the fault proxy is up") { Files.exists(ready) }
        let proxyPort = String(decoding: try Files.read(ready), as: UTF8.self)
        try await eventually("the emulator is up", limit: .seconds(90)) { LoopbackPort.accepts(port) }
        return Emulator(
            server: server, proxy: proxy, folder: folder, endpoint: "http://127.0.0.1:\(proxyPort)", upstream: upstream)
    }

    /// Ends it. That Parapet made a call which its catalogue does not name is an issue of the running test.
    public func stop() async {
        if let outside = try? Files.read(folder + "/outside") {
            Issue.record("Parapet made calls outside its catalogue: \(String(decoding: outside, as: UTF8.self))")
        }
        _ = await proxy.stop(grace: .seconds(2))
        _ = await server.stop(grace: .seconds(5))
    }

    /// Runs statements of Python with `client(service, region, account)` at hand, and returns what they print.
    @discardableResult
    public func aws(_ statements: String) async throws -> String {
        let prelude = """
            import boto3, json, sys
            def client(service, region="us-east-1", account="123456789012"):
                root = dict(endpoint_url=\(quoted(upstream)), region_name=region)
                if account == "123456789012":
                    return boto3.client(service, aws_access_key_id="seed", aws_secret_access_key="seed", **root)
                keys = boto3.client("sts", aws_access_key_id="seed", aws_secret_access_key="seed", **root).assume_role(
                    RoleArn=f"arn:aws:iam::{account}:role/seed", RoleSessionName="seed")["Credentials"]
                return boto3.client(service, aws_access_key_id=keys["AccessKeyId"], aws_secret_access_key=keys["SecretAccessKey"],
                    aws_session_token=keys["SessionToken"], **root)

            """
        let file = "\(folder)/statements-\(WallTime.now().unixNanoseconds).py"
        try Files.writeAtomically(Array((prelude + statements).utf8), to: file)
        let run = try await ChildProcess.run([Self.python, file], timeout: .seconds(120))
        let output = String(decoding: run.output, as: UTF8.self)
        guard run.status.isSuccess else {
            throw HarnessError(
                "the account could not be changed: \(String(decoding: run.error.suffix(2000), as: UTF8.self))")
        }
        return output
    }

    /// Replaces the proxy's faults; see Programs/fault_proxy.py.
    public func setFaults(_ rules: JSONValue) async throws {
        _ = try await control("PUT", "/__faults", body: rules.text())
    }

    /// The calls since the last ``forgetCalls()``.
    public func calls() async throws -> [JSONValue] {
        try JSONValue(parsing: await control("GET", "/__calls")).array ?? []
    }

    public func forgetCalls() async throws { _ = try await control("DELETE", "/__calls") }

    private func control(_ method: String, _ path: String, body: String = "") async throws -> String {
        try await aws(
            """
            import urllib.request
            request = urllib.request.Request(\(quoted(endpoint + path)), method=\(quoted(method)), data=\(quoted(body)).encode() or None)
            print(urllib.request.urlopen(request).read().decode())
            """)
    }

    private func quoted(_ text: String) -> String { JSONValue.string(text).text() }
}
