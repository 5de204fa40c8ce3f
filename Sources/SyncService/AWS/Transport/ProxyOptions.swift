/// Which proxy a call goes by, from the environment as Python's tools read it: `https_proxy` or `HTTPS_PROXY` for TLS,
/// `http_proxy` or `HTTP_PROXY` without it, and `no_proxy` or `NO_PROXY` for hosts that are reached directly.
///
/// A proxy's URL may hold a password: it is shown by no description.
struct ProxyOptions: Sendable, CustomStringConvertible, CustomReflectable {
    private var forTLS: String?
    private var forPlain: String?
    /// Hosts and domains, by commas; `*` is all.
    let exceptions: String

    init(environment: [String: String]) {
        func value(_ name: String) -> String? {
            [name, name.uppercased()].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        forTLS = value("https_proxy")
        forPlain = value("http_proxy")
        exceptions = value("no_proxy") ?? ""
    }

    func proxy(scheme: String) -> String? { scheme == "https" ? forTLS : forPlain }

    var description: String { "ProxyOptions" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
