/// How a call fails: a canonical code, and a message that a person can act on. All of it crosses the wire, so it holds
/// no secret, no SQL and no path of the server.
public struct RPCError: Error, Sendable, Equatable, CustomStringConvertible {
    public var code: StatusCode
    public var message: String
    /// What a program can act on; sent as `grpc-status-details-bin`.
    public var details: [StatusDetail]

    public init(_ code: StatusCode, _ message: String, details: [StatusDetail] = []) {
        self.code = code
        self.message = message
        self.details = details
    }

    public var description: String { message.isEmpty ? code.name : "\(code.name): \(message)" }
}
