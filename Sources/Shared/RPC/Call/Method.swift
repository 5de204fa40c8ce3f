public import Wire

/// A method of a service, with the types of its messages.
public struct Method<Request: Message, Response: Message>: Sendable {
    /// As `parapet.account.v1.AccountService`.
    public let service: String
    /// As `GetAccount`.
    public let name: String

    public init(service: String, name: String) {
        self.service = service
        self.name = name
    }

    /// As it appears in `:path`.
    public var path: String { "/\(service)/\(name)" }
}
