import ServiceKit
import Testing

private func parse(
    _ arguments: [String], _ environment: [String: String] = [:]
) throws(ConfigurationError) -> ServiceConfiguration {
    try ServiceConfiguration(
        service: .sync, extra: [ServiceOption("principal-arn", .value(placeholder: "ARN"), "Who assumes roles.")],
        arguments: arguments, environment: environment)
}

@Suite struct ConfigurationTests {
    private let base = ["--data-dir", "/data", "--plaintext"]

    @Test func `a flag wins over its variable, a variable over the default`() throws {
        let environment = ["PARAPET_LISTEN": "127.0.0.1:1", "PARAPET_LOG_LEVEL": "debug", "OTHER": "x"]
        let configuration = try parse(base + ["--listen=127.0.0.1:2"], environment)
        #expect(configuration.listen == HostPort(host: "127.0.0.1", port: 2))
        #expect(configuration.logLevel == .debug)
        #expect(configuration.stopGrace == .seconds(10))
        #expect(try parse(base).listen.port == ServiceName.sync.defaultPort)
    }

    @Test func `other services and options of its own arrive`() throws {
        let configuration = try parse(base + ["--account-service", "[::1]:7", "--principal-arn", "arn:x"])
        #expect(configuration.peers == [.account: HostPort(host: "::1", port: 7)])
        #expect(configuration.options["principal-arn"] == "arn:x")
    }

    @Test(arguments: [
        (["--nonsense"], "unknown argument '--nonsense'; --help lists all flags"),
        (["stray"], "unknown argument 'stray'; --help lists all flags"),
        (["--listen"], "--listen: needs a value (HOST:PORT)"),
        (["--listen", "--plaintext"], "--listen: needs a value (HOST:PORT)"),
        (["--listen", "nowhere"], "--listen: HOST:PORT; got 'nowhere'"),
        (["--listen", "0.0.0.0:1"], "--plaintext: on loopback only, and --listen is 0.0.0.0:1"),
        (["--plaintext=yes"], "--plaintext: takes no value"),
        (["--log-level", "loud"], "--log-level: debug, info, warning or error; got 'loud'"),
        (["--stop-grace", "-1"], "--stop-grace: 0 to 3600 seconds; got '-1'"),
    ]) func `a mistake is named and exits with 2`(arguments: [String], message: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try parse(["--data-dir", "/data", "--plaintext"] + arguments)
        }
        #expect(error == .usage(message))
        #expect(error?.exitCode == 2)
    }

    @Test func `all mistakes are named at once, and an empty variable is none`() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try parse(
                ["--nonsense", "--log-level", "loud"], ["PARAPET_STOP_GRACE": "x", "PARAPET_PLAINTEXT": "maybe"])
        }
        #expect(
            error?.description.split(separator: "\n") == [
                "unknown argument '--nonsense'; --help lists all flags",
                "--plaintext: true or false; got 'maybe'",
                "--log-level: debug, info, warning or error; got 'loud'",
                "--stop-grace: 0 to 3600 seconds; got 'x'",
                "--data-dir: is required",
                "TLS needs --tls-cert, --tls-key and --tls-ca; without TLS, on loopback only, there is --plaintext",
            ])
        #expect(try parse(base, ["PARAPET_LOG_LEVEL": "", "PARAPET_LISTEN": ""]).logLevel == .info)
    }

    @Test func `TLS is not optional by omission`() {
        #expect(throws: ConfigurationError.self) { try parse(["--data-dir", "/data"]) }
        #expect(throws: ConfigurationError.self) { try parse(["--data-dir", "/data", "--tls-cert", "a"]) }
        #expect(throws: ConfigurationError.usage("--data-dir: is required")) { try parse(["--plaintext"]) }
    }

    @Test func `help lists every flag with its variable and no secret`() {
        let error = #expect(throws: ConfigurationError.self) { try parse(["--help"]) }
        guard case .helpRequested(let text) = error else { return #expect(Bool(false)) }
        for option in ServiceConfiguration.commonOptions(for: .sync) {
            #expect(text.contains("--\(option.name)"))
            #expect(text.contains(option.variable))
        }
        #expect(text.contains("PARAPET_PRINCIPAL_ARN"))
        #expect(error?.exitCode == 0)
    }

    @Test(arguments: ["", ":1", "a:", "a:70000", "a:b", "::1:5", "a"]) func `what is no address is refused`(
        text: String
    ) {
        #expect(HostPort(text) == nil)
    }
}
