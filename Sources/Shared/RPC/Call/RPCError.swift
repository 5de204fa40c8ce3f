/// How a call fails: a canonical code, and a message that a person can act on. Both cross the wire, so the message holds
/// no secret, no SQL and no path of the server.
public struct RPCError: Error, Sendable, Equatable, CustomStringConvertible {
    public var code: StatusCode
    public var message: String

    public init(_ code: StatusCode, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message.isEmpty ? code.name : "\(code.name): \(message)" }
}
