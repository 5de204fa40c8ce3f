import EventLoop
import Glibc

/// Closes a socket so that the peer can read what was written last: a close with bytes unread makes the system send a
/// reset, at which the peer loses them. Reads and drops what comes, for a second and 4 MiB at most.
final class LingeringClose {
    private let descriptor: Int32
    private let loop: EventLoop
    private var isOpen = true
    private var bytesLeft = 4 << 20

    static func begin(_ descriptor: Int32, _ loop: EventLoop) {
        let closing = LingeringClose(descriptor, loop)
        guard shutdown(descriptor, Int32(SHUT_WR)) == 0 else { return closing.close() }
        do {
            try loop.watch(descriptor, .readable) { _ in closing.drop() }
        } catch {
            return closing.close()
        }
        loop.schedule(after: .seconds(1)) { [weak closing] in closing?.close() }
    }

    private init(_ descriptor: Int32, _ loop: EventLoop) {
        self.descriptor = descriptor
        self.loop = loop
    }

    deinit {
        if isOpen { Glibc.close(descriptor) }
    }

    private func drop() {
        let buffer = ReadBuffer.current
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        bytesLeft -= count
        if count <= 0 || bytesLeft <= 0 { close() }
    }

    private func close() {
        guard isOpen else { return }
        isOpen = false
        loop.unwatch(descriptor)
        Glibc.close(descriptor)
    }
}
