import JSON

@testable import SyncService

/// Which call of AWS a request is: what its signature, path and body say.
struct WireRequest: Sendable {
    let model: ServiceModel
    let operation: ServiceModel.Operation
    let region: String
    /// The access key that signed it.
    let accessKey: String
    /// From 0; by the token that it asks with.
    let page: Int
    /// Names the call, whatever its page and signature are.
    let name: String

    /// What the pages' tokens begin with.
    static let token = "token-of-page-"

    /// Nil for what no operation of the models is.
    init?(_ request: StandInServer.Request, _ models: [ServiceModel]) {
        let scope = request.headers["authorization"]?.firstMatch(of: #/Credential=([^/]+)/\d+/([^/]+)/([^/]+)//#)
        guard let scope else { return nil }
        let signed = models.filter { $0.signingName == scope.3 }
        guard let (model, operation) = Self.operation(request, signed) else { return nil }
        self.model = model
        self.operation = operation
        region = String(scope.2)
        accessKey = String(scope.1)
        let tokens = (request.target + request.body).matches(of: #/token-of-page-(\d+)/#)
        page = tokens.first.flatMap { Int($0.1) } ?? 0
        let asked = (request.target + " " + request.body)
            .replacing(#/,?"[A-Za-z]+":"token-of-page-\d+"|[?&][A-Za-z-]+=token-of-page-\d+/#, with: "")
        name = "\(model.name):\(operation.name) \(region) \(asked)"
    }

    private static func operation(
        _ request: StandInServer.Request, _ models: [ServiceModel]
    ) -> (ServiceModel, ServiceModel.Operation)? {
        let target = request.headers["x-amz-target"]?.split(separator: ".").last.map(String.init)
        let action = request.body.firstMatch(of: #/^Action=([A-Za-z]+)/#).map { String($0.1) }
        if let name = target ?? action {
            return models.lazy.compactMap { model in model.operations[name].map { (model, $0) } }.first
        }
        let all = models.filter(\.wireProtocol.isREST).flatMap { model in model.operations.values.map { (model, $0) } }
        // The one with the most constants in its query is meant.
        return all.filter { matches(request, $0.1) }.max { $0.1.uri.count < $1.1.uri.count }
    }

    private static func matches(_ request: StandInServer.Request, _ operation: ServiceModel.Operation) -> Bool {
        func parts(_ target: String) -> (path: [Substring], query: Set<Substring>) {
            let parts = target.split(separator: "?", maxSplits: 1)
            let names = parts.count > 1 ? parts[1].split(separator: "&").map { $0.prefix { $0 != "=" } } : []
            return ((parts.first ?? "").split(separator: "/"), Set(names))
        }
        let (made, wanted) = (parts(request.target), parts(operation.uri))
        return request.method == operation.method && made.path.count == wanted.path.count
            && wanted.query.isSubset(of: made.query)
            && zip(made.path, wanted.path).allSatisfy { $1.hasPrefix("{") || $0 == $1 }
    }
}
