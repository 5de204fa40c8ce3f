import Glibc

/// A system call that an event loop needs has failed.
public struct EventLoopError: Error, Sendable, CustomStringConvertible {
    /// The name of the call.
    public let call: String
    /// Its `errno`.
    public let code: Int32

    init(_ call: String, _ code: Int32) {
        self.call = call
        self.code = code
    }

    public var description: String { "\(call): \(String(cString: strerror(code)))" }
}
