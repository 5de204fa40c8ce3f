public import Wire

/// The one response of a call, with what came around it.
public struct UnaryResponse<Response: Message>: Sendable {
    public var message: Response
    /// The custom fields that the server sent before the message.
    public var headers: Metadata
    /// The custom fields that the server sent with the status.
    public var trailers: Metadata
    /// Whether the message crossed the wire compressed.
    public var wasCompressed: Bool
}
