/// What every service can be told at start.
public struct ServiceConfiguration: Sendable {
    /// The files of a service's identity and of the authority that all of an installation trust.
    public struct TLSFiles: Sendable, Equatable {
        public var certificate: String
        public var key: String
        public var authority: String

        public init(certificate: String, key: String, authority: String) {
            self.certificate = certificate
            self.key = key
            self.authority = authority
        }
    }

    public var service: ServiceName
    public var listen: HostPort
    public var dataDirectory: String
    public var shareDirectory: String?
    /// Nil only where plain text on loopback was asked for.
    public var tls: TLSFiles?
    public var tokenFile: String?
    /// The services that this one calls.
    public var peers: [ServiceName: HostPort]
    public var readyFile: String?
    public var logLevel: LogLevel
    /// How long running calls may take to end at a stop.
    public var stopGrace: Duration
    /// All values, for the options that one service adds.
    public var options: OptionValues
    /// Whether the end of standard input ends the process.
    public var stopsWithInput: Bool

    /// The options that all services have.
    public static func commonOptions(for service: ServiceName) -> [ServiceOption] {
        [
            ServiceOption(
                "listen", .value(placeholder: "HOST:PORT"), "Where to serve gRPC; port 0 takes a free one.",
                default: "127.0.0.1:\(service.defaultPort)", rule: .address),
            ServiceOption(
                "data-dir", .value(placeholder: "DIR"), "Where the database lies; made with permissions 0700."),
            ServiceOption(
                "share", .value(placeholder: "DIR"), "The catalogue, controls and descriptors that come with Parapet.",
                rule: .directory),
            ServiceOption("tls-cert", .value(placeholder: "FILE"), "This service's certificate, PEM."),
            ServiceOption("tls-key", .value(placeholder: "FILE"), "Its private key, PEM; readable by nobody else."),
            ServiceOption("tls-ca", .value(placeholder: "FILE"), "The authority of the installation, PEM."),
            ServiceOption("plaintext", .toggle, "Serve and call without TLS; on loopback only."),
            ServiceOption(
                "token-file", .value(placeholder: "FILE"),
                "Bearer tokens that are accepted, a line each: role, SHA-256 in hex, name."),
            ServiceOption(
                "account-service", .value(placeholder: "HOST:PORT"), "Where the account service is.", rule: .address),
            ServiceOption(
                "sync-service", .value(placeholder: "HOST:PORT"), "Where the sync service is.", rule: .address),
            ServiceOption(
                "assessment-service", .value(placeholder: "HOST:PORT"), "Where the assessment service is.",
                rule: .address),
            ServiceOption(
                "ready-file", .value(placeholder: "FILE"), "Written with the bound HOST:PORT once calls are answered."),
            ServiceOption(
                "log-level", .value(placeholder: "LEVEL"), "The least to log: debug, info, warning or error.",
                default: "info", rule: .choice(LogLevel.allCases.map(\.name))),
            ServiceOption(
                "stop-grace", .value(placeholder: "SECONDS"), "How long running calls may take to end at a stop.",
                default: "10", rule: .integer(0...3600, unit: "seconds")),
            ServiceOption(
                "stop-with-input", .toggle,
                "Stop when standard input ends, as it does with the program that started this."),
            ServiceOption(
                "check-config", .toggle, "Report everything that is wrong with the configuration, and end."),
            ServiceOption(
                "health", .toggle, "Ask the service that runs with this configuration how it is, and end."),
        ]
    }

    /// Reads flags and variables.
    ///
    /// - Parameters:
    ///   - extra: Options of this service alone.
    ///   - arguments: Without the program's own name.
    /// - Throws: `usage` with everything that is wrong, a line each.
    public init(
        service: ServiceName, extra: [ServiceOption] = [], arguments: [String], environment: [String: String]
    ) throws(ConfigurationError) {
        let (configuration, problems) = try Self.read(
            service: service, extra: extra, arguments: arguments, environment: environment)
        guard problems.isEmpty else { throw .usage(problems.joined(separator: "\n")) }
        self = configuration
    }

    /// As ``init(service:extra:arguments:environment:)``, with mistakes as a list, and defaults in their place.
    static func read(
        service: ServiceName, extra: [ServiceOption] = [], arguments: [String], environment: [String: String]
    ) throws(ConfigurationError) -> (ServiceConfiguration, problems: [String]) {
        let values = try OptionValues(
            program: service.rawValue, options: commonOptions(for: service) + extra, arguments: arguments,
            environment: environment)
        let configuration = ServiceConfiguration(service, values)
        return (configuration, values.problems + configuration.omissions)
    }

    /// From values that keep to their rules.
    private init(_ service: ServiceName, _ values: OptionValues) {
        self.service = service
        options = values
        listen = Self.address("listen", values) ?? HostPort(host: "127.0.0.1", port: service.defaultPort)
        dataDirectory = values["data-dir"] ?? ""
        shareDirectory = values["share"]
        tokenFile = values["token-file"]
        readyFile = values["ready-file"]
        peers = [:]
        for peer in ServiceName.allCases {
            if let address = Self.address(peer.rawValue, values) { peers[peer] = address }
        }
        logLevel = values["log-level"].flatMap { LogLevel(name: $0) } ?? .info
        stopGrace = .seconds(values["stop-grace"].flatMap { Int64($0) } ?? 10)
        stopsWithInput = values.isSet("stop-with-input")
        if !values.isSet("plaintext"),
            let certificate = values["tls-cert"], let key = values["tls-key"], let authority = values["tls-ca"]
        {
            tls = TLSFiles(certificate: certificate, key: key, authority: authority)
        }
    }

    /// What is missing, or does not go together.
    private var omissions: [String] {
        var problems: [String] = []
        if dataDirectory.isEmpty { problems.append("--data-dir: is required") }
        if options.isSet("plaintext") {
            if !listen.isLoopback { problems.append("--plaintext: on loopback only, and --listen is \(listen)") }
        } else if tls == nil {
            problems.append(
                "TLS needs --tls-cert, --tls-key and --tls-ca; without TLS, on loopback only, there is --plaintext")
        }
        return problems
    }

    private static func address(_ name: String, _ values: OptionValues) -> HostPort? {
        values[name].flatMap { HostPort($0) }
    }
}
