public import Wire

/// A method of a service, with the types of its messages.
public struct Method<Request: Message, Response: Message>: Sendable {
    /// As `parapet.account.v1.AccountService`.
    public let service: String
    /// As `GetAccount`.
    public let name: String

    /// Whether the method changes nothing (`idempotency_level = NO_SIDE_EFFECTS` in its descriptor), so that a call of
    /// it may be made twice.
    public let isReadOnly: Bool

    /// As it appears in `:path`.
    public let path: String

    public init(service: String, name: String, isReadOnly: Bool = false) {
        self.service = service
        self.name = name
        self.isReadOnly = isReadOnly
        path = "/\(service)/\(name)"
    }
}

/// The names of a server's method, which its calls refer to.
final class CallName: Sendable {
    let service: String
    let method: String

    init(service: String, method: String) {
        self.service = service
        self.method = method
    }
}
