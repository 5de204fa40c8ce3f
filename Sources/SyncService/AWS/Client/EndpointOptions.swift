import Platform

/// Endpoints set from outside, as in the AWS SDKs.
struct EndpointOptions: Sendable {
    /// For all services: `AWS_ENDPOINT_URL`.
    var url: String?
    /// By the service's id in upper case with `_` for blanks: `AWS_ENDPOINT_URL_S3_CONTROL`.
    var serviceURLs: [String: String] = [:]
    /// Certificates to trust instead of the system's: `AWS_CA_BUNDLE`.
    var caBundle: String?

    init(url: String? = nil, caBundle: String? = nil) {
        self.url = url
        self.caBundle = caBundle
    }

    /// Read from the environment. `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true` leaves the URLs out.
    init(environment: [String: String]) {
        caBundle = environment["AWS_CA_BUNDLE"].flatMap { $0.isEmpty ? nil : $0 }
        if environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.lowercased() == "true" { return }
        let prefix = "AWS_ENDPOINT_URL_"
        for (name, value) in environment where !value.isEmpty {
            if name == "AWS_ENDPOINT_URL" { url = value }
            if name.hasPrefix(prefix) { serviceURLs[String(name.dropFirst(prefix.count))] = value }
        }
    }

    /// The URL set for a service, by its id (`S3 Control`).
    func url(serviceID: String) -> String? {
        let key = String(serviceID.uppercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
        return serviceURLs[key] ?? url
    }
}
