import Platform

/// Endpoints set from outside, as in the AWS SDKs.
struct EndpointOptions: Sendable {
    /// For all services: `AWS_ENDPOINT_URL`.
    var url: String?
    /// By the service's id in upper case with `_` for blanks: `AWS_ENDPOINT_URL_S3_CONTROL`.
    var serviceURLs: [String: String] = [:]
    /// The same of the profile: by its `services`, and its `endpoint_url`.
    private var profileServiceURLs: [String: String] = [:]
    private var profileURL: String?
    /// `AWS_USE_DUALSTACK_ENDPOINT`, `AWS_USE_FIPS_ENDPOINT`.
    var usesDualStack = false
    var usesFIPS = false
    /// `AWS_STS_REGIONAL_ENDPOINTS=legacy`.
    var usesGlobalSTS = false
    /// `addressing_style = path` of the profile's `s3`: no bucket stands in a host's name.
    var usesPathStyle = false
    /// Certificates to trust instead of the system's: `AWS_CA_BUNDLE`.
    var caBundle: String?

    var proxies = ProxyOptions(environment: [:])

    init(url: String? = nil, caBundle: String? = nil) {
        self.url = url
        self.caBundle = caBundle
    }

    /// Read from the environment and the profile. `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true` leaves the URLs out.
    init(settings: AWSSettings) {
        caBundle = settings.caBundle
        proxies = ProxyOptions(environment: settings.environment)
        usesDualStack = settings.usesDualStack
        usesFIPS = settings.usesFIPS
        usesGlobalSTS = settings.usesGlobalSTS
        usesPathStyle = settings.profileText("s3", "addressing_style") == "path"
        if settings.ignoresEndpointURLs { return }
        url = settings.variable("AWS_ENDPOINT_URL")
        let prefix = "AWS_ENDPOINT_URL_"
        for (name, value) in settings.environment where name.hasPrefix(prefix) && !value.isEmpty {
            serviceURLs[String(name.dropFirst(prefix.count))] = value
        }
        profileURL = settings.profileText("endpoint_url")
        for (name, value) in settings.serviceURLs { profileServiceURLs[name.uppercased()] = value }
    }

    /// The kind of a service's endpoint.
    func variant(of service: String) -> EndpointVariant {
        switch (usesDualStack, usesFIPS) {
        case (true, true): .dualStackFIPS
        case (true, false): .dualStack
        case (false, true): .fips
        case (false, false): service == "sts" && usesGlobalSTS ? .global : .plain
        }
    }

    /// The URL set for a service, by its id (`S3 Control`): any variable comes before the profile.
    func url(serviceID: String) -> String? {
        let key = String(serviceID.uppercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
        return serviceURLs[key] ?? url ?? profileServiceURLs[key] ?? profileURL
    }
}
