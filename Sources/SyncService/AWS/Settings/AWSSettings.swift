import Platform

/// What the environment and the profile in use say of how AWS is to be called. A variable comes before the profile;
/// an empty variable is none.
struct AWSSettings: Sendable {
    let environment: [String: String]
    /// Set by `AWS_DEFAULT_PROFILE` or, where that is not set, `AWS_PROFILE`: botocore's order.
    let chosenProfile: String?
    /// Both shared files. The error of one that cannot be read is met by who needs credentials; all else does
    /// without the files then.
    let files: Result<SharedConfiguration, AWSError>

    init(environment: [String: String] = Environment.all) {
        self.environment = environment
        chosenProfile = Self.set(environment["AWS_DEFAULT_PROFILE"]) ?? Self.set(environment["AWS_PROFILE"])
        do throws(AWSError) {
            files = .success(
                SharedConfiguration(
                    config: try INIFile.load(Self.configPath(environment), environment: environment),
                    credentials: try INIFile.load(Self.credentialsPath(environment), environment: environment)))
        } catch { files = .failure(error) }
    }

    private static func set(_ value: String?) -> String? { value.flatMap { $0.isEmpty ? nil : $0 } }

    private static func configPath(_ environment: [String: String]) -> String {
        set(environment["AWS_CONFIG_FILE"]) ?? "~/.aws/config"
    }

    private static func credentialsPath(_ environment: [String: String]) -> String {
        set(environment["AWS_SHARED_CREDENTIALS_FILE"]) ?? "~/.aws/credentials"
    }

    var profile: String { chosenProfile ?? "default" }
    var configPath: String { Self.configPath(environment) }
    var credentialsPath: String { Self.credentialsPath(environment) }

    /// A variable that is set and not empty.
    func variable(_ name: String) -> String? { Self.set(environment[name]) }

    /// A variable, else the profile's value.
    func value(_ variable: String, _ name: String) -> String? {
        self.variable(variable) ?? profileText(name)
    }

    /// True only for `true`, in any case.
    func flag(_ variable: String, _ name: String) -> Bool { value(variable, name)?.lowercased() == "true" }

    func profileText(_ name: String) -> String? {
        (try? files.get())?.text(profile, name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A value of a nested table of the profile, `s3` for one.
    func profileText(_ table: String, _ name: String) -> String? {
        guard case .table(let options)? = (try? files.get())?.profiles[profile]?[table],
            case .text(let text)? = options.first(where: { $0.name == name })?.value, !text.isEmpty
        else { return nil }
        return text
    }

    // MARK: Settings by name

    /// Where the service itself is at home. botocore reads `AWS_DEFAULT_REGION` alone; the other SDKs' `AWS_REGION`
    /// comes after it, then the profile.
    var region: String? {
        variable("AWS_DEFAULT_REGION") ?? variable("AWS_REGION") ?? profileText("region")
    }

    var usesDualStack: Bool { flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint") }
    var usesFIPS: Bool { flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint") }
    /// Whether `sts_regional_endpoints` asks for the one global endpoint of STS.
    var usesGlobalSTS: Bool {
        value("AWS_STS_REGIONAL_ENDPOINTS", "sts_regional_endpoints")?.lowercased() == "legacy"
    }
    var caBundle: String? { value("AWS_CA_BUNDLE", "ca_bundle") }
    var ignoresEndpointURLs: Bool { flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls") }

    /// The profile's endpoints by service, as its `services` names them; a service's id in lower case with `_`.
    var serviceURLs: [String: String] {
        guard let name = profileText("services"), let section = (try? files.get())?.services[name] else { return [:] }
        var urls: [String: String] = [:]
        for option in section.options {
            guard case .table(let inner) = option.value,
                case .text(let url)? = inner.first(where: { $0.name == "endpoint_url" })?.value, !url.isEmpty
            else { continue }
            urls[option.name] = url
        }
        return urls
    }
}

/// Variables and files hold secrets: neither is shown.
extension AWSSettings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "AWSSettings(profile \(profile))" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: ["profile": profile]) }
}
