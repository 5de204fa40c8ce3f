import JSON

/// Ceilings: calls in any second, for one account, region and service. From `call-rates.json`, which says where each
/// figure comes from.
struct CallRates: Sendable {
    /// Of services that have no figure of their own.
    var usual: Double
    /// By botocore's name of the service.
    var services: [String: Double] = [:]

    func ceiling(of service: String) -> Double { services[service] ?? usual }

    private static let file = "call-rates.json"

    /// Reads `DIRECTORY/call-rates.json`.
    static func load(share directory: String) throws(CatalogueError) -> CallRates {
        let value = try ShareFile.json(directory + "/" + file, name: file)
        var rates = CallRates(usual: try figure(value["usual"] ?? .null, "usual"))
        for member in value["services"]?.object ?? JSONObject() {
            rates.services[member.name] = try figure(member.value, "services.\(member.name)")
        }
        return rates
    }

    private static func figure(_ entry: JSONValue, _ field: String) throws(CatalogueError) -> Double {
        guard let rate = entry["callsPerSecond"]?.double, rate >= 0.5, rate <= 10_000,
            entry["source"]?.string?.isEmpty == false
        else {
            throw CatalogueError(file: file, field: field, rule: "has callsPerSecond, 0.5 to 10000, and its source")
        }
        return rate
    }
}
