/// A set of handlers under one service name.
public protocol RPCService: Sendable {
    /// As `parapet.account.v1.AccountService`.
    static var serviceName: String { get }
    func register(on router: inout Router)
}
