/// Decides how a server's connection ends. Performs no I/O and reads no clock.
///
/// A client may have opened streams that the server has not seen, so the end has two steps: a notice that names no last
/// stream, then, once the client has answered a PING sent behind it, a GOAWAY that names the last one. It does not know
/// how long the rest may take: whoever owns the connection closes it when its patience ends.
public struct ConnectionDrain: Equatable, Sendable {
    public enum State: Equatable, Sendable { case serving, noticed, draining, closed }

    public enum Action: Equatable, Sendable {
        case none
        /// GOAWAY with the highest possible stream number, and a PING when that is sent.
        case sendNotice
        /// GOAWAY with the number of the last stream that was taken.
        case sendFinal
        /// GOAWAY as above, then close when all is written.
        case sendFinalAndClose
        case close
    }

    public private(set) var state = State.serving
    public private(set) var openStreams = 0

    public init() {}

    public mutating func streamOpened() { openStreams += 1 }

    public mutating func streamEnded() -> Action {
        openStreams -= 1
        guard state == .draining, openStreams == 0 else { return .none }
        state = .closed
        return .close
    }

    public mutating func beginShutdown() -> Action {
        guard state == .serving else { return .none }
        state = .noticed
        return .sendNotice
    }

    /// The client has seen the notice: what it opened before is known by now.
    public mutating func noticeAnswered() -> Action {
        guard state == .noticed else { return .none }
        state = openStreams == 0 ? .closed : .draining
        return openStreams == 0 ? .sendFinalAndClose : .sendFinal
    }
}
