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
                default: "127.0.0.1:\(service.defaultPort)"),
            ServiceOption(
                "data-dir", .value(placeholder: "DIR"), "Where the database lies; made with permissions 0700."),
            ServiceOption(
                "share", .value(placeholder: "DIR"), "The catalogue, controls and descriptors that come with Parapet."),
            ServiceOption("tls-cert", .value(placeholder: "FILE"), "This service's certificate, PEM."),
            ServiceOption("tls-key", .value(placeholder: "FILE"), "Its private key, PEM; readable by nobody else."),
            ServiceOption("tls-ca", .value(placeholder: "FILE"), "The authority of the installation, PEM."),
            ServiceOption("plaintext", .toggle, "Serve and call without TLS; on loopback only."),
            ServiceOption(
                "token-file", .value(placeholder: "FILE"),
                "Bearer tokens that are accepted, a line each: role, SHA-256 in hex, name."),
            ServiceOption("account-service", .value(placeholder: "HOST:PORT"), "Where the account service is."),
            ServiceOption("sync-service", .value(placeholder: "HOST:PORT"), "Where the sync service is."),
            ServiceOption("assessment-service", .value(placeholder: "HOST:PORT"), "Where the assessment service is."),
            ServiceOption(
                "ready-file", .value(placeholder: "FILE"), "Written with the bound HOST:PORT once calls are answered."),
            ServiceOption(
                "log-level", .value(placeholder: "LEVEL"), "The least to log: debug, info, warning or error.",
                default: "info"),
            ServiceOption(
                "stop-grace", .value(placeholder: "SECONDS"), "How long running calls may take to end at a stop.",
                default: "10"),
            ServiceOption(
                "stop-with-input", .toggle,
                "Stop when standard input ends, as it does with the program that started this."),
        ]
    }

    /// Reads flags and variables.
    ///
    /// - Parameters:
    ///   - extra: Options of this service alone.
    ///   - arguments: Without the program's own name.
    public init(
        service: ServiceName, extra: [ServiceOption] = [], arguments: [String], environment: [String: String]
    ) throws(ConfigurationError) {
        let values = try OptionValues(
            program: service.rawValue, options: Self.commonOptions(for: service) + extra, arguments: arguments,
            environment: environment)
        self.service = service
        options = values
        listen = try Self.address("listen", values) ?? HostPort(host: "127.0.0.1", port: service.defaultPort)
        dataDirectory = try values.required("data-dir")
        shareDirectory = values["share"]
        tokenFile = values["token-file"]
        readyFile = values["ready-file"]
        peers = [:]
        for peer in ServiceName.allCases {
            if let address = try Self.address(peer.rawValue, values) { peers[peer] = address }
        }
        guard let level = LogLevel(name: values["log-level"] ?? "info") else {
            throw .usage("--log-level: debug, info, warning or error; got '\(values["log-level"] ?? "")'")
        }
        logLevel = level
        guard let grace = Int64(values["stop-grace"] ?? "10"), (0...3600).contains(grace) else {
            throw .usage("--stop-grace: 0 to 3600 seconds; got '\(values["stop-grace"] ?? "")'")
        }
        stopGrace = .seconds(grace)
        stopsWithInput = try values.isSet("stop-with-input")
        tls = try Self.tlsFiles(values, listen)
    }

    private static func address(_ name: String, _ values: OptionValues) throws(ConfigurationError) -> HostPort? {
        guard let text = values[name] else { return nil }
        guard let address = HostPort(text) else { throw .usage("--\(name): HOST:PORT; got '\(text)'") }
        return address
    }

    private static func tlsFiles(
        _ values: OptionValues, _ listen: HostPort
    ) throws(ConfigurationError) -> TLSFiles? {
        if try values.isSet("plaintext") {
            guard listen.isLoopback else {
                throw .usage("--plaintext: on loopback only, and --listen is \(listen)")
            }
            return nil
        }
        guard let certificate = values["tls-cert"], let key = values["tls-key"], let authority = values["tls-ca"] else {
            throw .usage(
                "TLS needs --tls-cert, --tls-key and --tls-ca; without TLS, on loopback only, there is --plaintext")
        }
        return TLSFiles(certificate: certificate, key: key, authority: authority)
    }
}
