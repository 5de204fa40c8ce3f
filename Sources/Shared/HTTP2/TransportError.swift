import Glibc

/// A connection, a listener or a TLS identity does not work; the text says which and why, for a person to read.
public struct TransportError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }

    static func system(_ what: String, _ code: Int32 = errno) -> TransportError {
        TransportError("\(what): \(String(cString: strerror(code)))")
    }
}
