import CCurl
import EventLoop
import Glibc

/// libcurl's multi interface on one event loop, by `multi_socket_action`.
///
/// `@unchecked Sendable`: every `var` belongs to the loop's thread; other threads only post to it.
final class CurlTransport: HTTPTransport, TurnParticipant, @unchecked Sendable {
    private let loop: EventLoop
    private let options: EndpointOptions
    private let connectionLimit: Int

    private var multi: UnsafeMutableRawPointer?
    private var transfers: [ObjectIdentifier: CurlTransfer] = [:]
    private var idle: [CurlHandle] = []
    private var sockets: [Int32: Interest] = [:]
    /// Sockets of connections. Others (the resolver's) are closed without our knowledge.
    private var connections: Set<Int32> = []
    /// When libcurl wants to be called though nothing happened.
    private var deadline: ContinuousClock.Instant?
    /// The loop's timer, at the deadline or before it.
    private var timer: (id: TimerID, at: ContinuousClock.Instant)?
    private var isDirty = false
    private var isClosed = false

    private struct Interest {
        var events: Events
        /// libcurl takes its interest back after each transfer and declares it anew at the next. Instead of two system
        /// calls each time the loop keeps watching, and lets go when something happens that nobody waits for.
        var isWanted: Bool
    }

    private static let globalState = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    /// - Parameter connectionLimit: Connections at once, idle ones included.
    init(loop: EventLoop, options: EndpointOptions, connectionLimit: Int) {
        _ = Self.globalState
        self.loop = loop
        self.options = options
        self.connectionLimit = connectionLimit
    }

    // MARK: Any thread

    func send(_ request: HTTPRequest, timeouts: HTTPTimeouts, into sink: any ReplySink) async throws(AWSError) {
        let transfer = CurlTransfer(request, timeouts, sink)
        let error = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if loop.isCurrent {
                    start(transfer, continuation)
                } else {
                    loop.execute { self.start(transfer, continuation) }
                }
            }
        } onCancel: {
            loop.execute { self.cancel(transfer) }
        }
        if let error { throw error }
    }

    /// Ends what is under way, as cancelled, and all connections. Idempotent. The loop must still run.
    func close() async {
        await withCheckedContinuation { continuation in
            loop.execute {
                self.shutDown()
                continuation.resume()
            }
        }
    }

    // MARK: The loop's thread

    private func start(_ transfer: CurlTransfer, _ continuation: CheckedContinuation<AWSError?, Never>) {
        guard !isClosed, !transfer.isCancelled else { return continuation.resume(returning: AWSError(.cancelled)) }
        guard let multi = openMulti(), let handle = idle.popLast() ?? newHandle() else {
            return continuation.resume(returning: AWSError(.connection("libcurl has no memory left")))
        }
        transfer.continuation = continuation
        transfer.handle = handle
        handle.prepare(transfer)
        transfers[ObjectIdentifier(transfer)] = transfer
        let code = curl_multi_add_handle(multi, handle.raw)
        if code != CURLM_OK { finish(transfer, AWSError(.connection(String(cString: curl_multi_strerror(code))))) }
    }

    private func newHandle() -> CurlHandle? {
        CurlHandle(options: options, transport: Unmanaged.passUnretained(self).toOpaque())
    }

    private func cancel(_ transfer: CurlTransfer) {
        transfer.isCancelled = true
        if transfers[ObjectIdentifier(transfer)] != nil { finish(transfer, AWSError(.cancelled)) }
    }

    private func shutDown() {
        isClosed = true
        for transfer in Array(transfers.values) { finish(transfer, AWSError(.cancelled)) }
        if let timer { loop.cancel(timer.id) }
        timer = nil
        deadline = nil
        idle = []
        if let multi { curl_multi_cleanup(multi) }
        multi = nil
        for socket in sockets.keys { loop.unwatch(socket) }
        sockets = [:]
    }

    private func openMulti() -> UnsafeMutableRawPointer? {
        if let multi { return multi }
        guard let opened = curl_multi_init() else { return nil }
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_multi_set_socket(opened, socketChanged, context)
        ccurl_multi_set_timer(opened, timeoutChanged, context)
        ccurl_multi_set_long(opened, CURLMOPT_MAX_TOTAL_CONNECTIONS, connectionLimit)
        ccurl_multi_set_long(opened, CURLMOPT_MAXCONNECTS, connectionLimit)
        multi = opened
        return opened
    }

    /// Takes the transfer off and wakes who waits for it.
    private func finish(_ transfer: CurlTransfer, _ error: AWSError?) {
        guard transfers.removeValue(forKey: ObjectIdentifier(transfer)) != nil else { return }
        if let handle = transfer.handle {
            if let multi { curl_multi_remove_handle(multi, handle.raw) }
            handle.release(isSound: error == nil)
            idle.append(handle)
        }
        transfer.handle = nil
        let continuation = transfer.continuation
        transfer.continuation = nil
        continuation?.resume(returning: error)
    }

    private func act(_ socket: Int32, _ events: Int32) {
        guard let multi else { return }
        var running: Int32 = 0
        curl_multi_socket_action(multi, socket, events, &running)
        drain(multi)
    }

    private func drain(_ multi: UnsafeMutableRawPointer) {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
            var context: UnsafeMutableRawPointer?
            ccurl_get_private(handle, &context)
            guard let context else { continue }
            let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
            finish(transfer, Self.error(ccurl_result(message), handle, isAnswered: transfer.isAnswered))
        }
    }

    private static func error(
        _ code: CURLcode, _ handle: UnsafeMutableRawPointer, isAnswered: Bool
    ) -> AWSError? {
        let words = String(cString: curl_easy_strerror(code))
        if code == CURLE_OK { return nil }
        let tunnel = ccurl_connect_code(handle)
        if tunnel != 0, !(200..<300).contains(tunnel) {
            return AWSError(.connection("the proxy answers HTTP \(tunnel) to CONNECT"))
        }
        switch code {
        case CURLE_OPERATION_TIMEDOUT: return AWSError(.timeout("no complete reply in time"))
        // Who says nothing at all is not there, for the breaker and for STS's other region.
        case CURLE_RECV_ERROR where !isAnswered, CURLE_GOT_NOTHING where !isAnswered:
            return AWSError(.connection("the connection ended before a reply: \(words)"))
        case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP2,
            CURLE_HTTP2_STREAM:
            return AWSError(.malformed("the reply was cut: \(words)"), isTransient: true)
        case CURLE_BAD_CONTENT_ENCODING:
            return AWSError(.malformed("the reply's compression is broken: \(words)"), isTransient: true)
        case CURLE_WRITE_ERROR: return AWSError(.malformed("the reply was refused"))
        default: return AWSError(.connection(words))
        }
    }

    // MARK: What libcurl calls

    fileprivate func changed(_ socket: Int32, _ what: Int32) {
        guard what != CURL_POLL_REMOVE else {
            if connections.contains(socket) {
                sockets[socket]?.isWanted = false
            } else if sockets.removeValue(forKey: socket) != nil {
                loop.unwatch(socket)
            }
            return
        }
        var events: Events = []
        if what & CURL_POLL_IN != 0 { events.insert(.readable) }
        if what & CURL_POLL_OUT != 0 { events.insert(.writable) }
        if let known = sockets[socket] {
            sockets[socket] = Interest(events: events, isWanted: true)
            if known.events != events { try? loop.rewatch(socket, events) }
            return
        }
        sockets[socket] = Interest(events: events, isWanted: true)
        try? loop.watch(socket, events) { [unowned self] happened in self.happened(socket, happened) }
    }

    private func happened(_ socket: Int32, _ events: Events) {
        guard sockets[socket]?.isWanted == true else {
            sockets[socket] = nil
            return loop.unwatch(socket)
        }
        var bits: Int32 = 0
        if events.contains(.readable) { bits |= CURL_CSELECT_IN }
        if events.contains(.writable) { bits |= CURL_CSELECT_OUT }
        if events.contains(.hangup) { bits |= CURL_CSELECT_ERR }
        act(socket, bits)
    }

    fileprivate func timerChanged(_ milliseconds: Int) {
        guard milliseconds >= 0 else { return deadline = nil }
        if milliseconds == 0 {
            // A transfer was added: libcurl looks after it, and all others of this turn, when the turn's jobs have run.
            deadline = nil
            guard !isDirty else { return }
            isDirty = true
            return loop.markDirty(self)
        }
        let wanted = ContinuousClock.now + .milliseconds(milliseconds)
        deadline = wanted
        // A timer that comes too early asks for another one: deadlines move at each transfer, mostly away.
        if let timer, timer.at <= wanted { return }
        if let timer { loop.cancel(timer.id) }
        setTimer(wanted)
    }

    private func setTimer(_ instant: ContinuousClock.Instant) {
        let id = loop.schedule(at: instant) { [unowned self] in self.timerFired() }
        timer = (id, instant)
    }

    private func timerFired() {
        timer = nil
        guard let deadline else { return }
        if deadline > ContinuousClock.now { return setTimer(deadline) }
        self.deadline = nil
        act(CURL_SOCKET_TIMEOUT, 0)
    }

    func startInTurn() {}

    func flushInTurn() {
        isDirty = false
        act(CURL_SOCKET_TIMEOUT, 0)
    }

    func opened(_ socket: Int32) { connections.insert(socket) }

    /// Forgets a socket before its number is used again, and closes it.
    func closed(_ socket: Int32) -> Int32 {
        connections.remove(socket)
        if sockets.removeValue(forKey: socket) != nil { loop.unwatch(socket) }
        return Glibc.close(socket)
    }
}

private func withTransport(_ context: UnsafeMutableRawPointer?, _ body: (CurlTransport) -> Void) {
    guard let context else { return }
    Unmanaged<CurlTransport>.fromOpaque(context)._withUnsafeGuaranteedRef(body)
}

private func socketChanged(
    _: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _ what: Int32, _ context: UnsafeMutableRawPointer?,
    _: UnsafeMutableRawPointer?
) -> Int32 {
    withTransport(context) { $0.changed(socket, what) }
    return 0
}

private func timeoutChanged(_: UnsafeMutableRawPointer?, _ milliseconds: Int, _ context: UnsafeMutableRawPointer?)
    -> Int32
{
    withTransport(context) { $0.timerChanged(milliseconds) }
    return 0
}
