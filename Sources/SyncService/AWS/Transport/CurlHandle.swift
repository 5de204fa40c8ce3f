import CCurl

/// One of libcurl's easy handles, used by one transfer after another. What all of them share is set once.
///
/// Headers and body of a request stand in memory of the handle's own, which libcurl reads in place. Belongs to the
/// loop's thread.
final class CurlHandle {
    let raw: UnsafeMutableRawPointer
    private let options: EndpointOptions
    private let transport: UnsafeMutableRawPointer
    /// What the proxy is set for.
    private var path: Path?
    private var timeouts: HTTPTimeouts?

    private var block = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private var nodes = UnsafeMutableBufferPointer<curl_slist>(start: nil, count: 0)

    private struct Path: Equatable {
        var scheme: String
        var isDirect: Bool
    }

    /// Neither is wanted, and libcurl adds them by itself.
    private static let left = ["Expect:", "Accept:"]

    /// Nil where memory is out.
    ///
    /// - Parameter transport: What the callbacks for sockets are called with.
    init?(options: EndpointOptions, transport: UnsafeMutableRawPointer) {
        guard let raw = curl_easy_init() else { return nil }
        self.raw = raw
        self.options = options
        self.transport = transport
        setUp()
    }

    deinit {
        curl_easy_cleanup(raw)
        block.deallocate()
        nodes.deallocate()
    }

    private func setUp() {
        ccurl_set_open(raw, socketOpened, transport)
        ccurl_set_close(raw, closeSocket, transport)
        ccurl_set_text(raw, CURLOPT_PROTOCOLS_STR, "http,https")
        ccurl_set_long(raw, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        // The first call to a host shows whether others can share its connection.
        ccurl_set_long(raw, CURLOPT_PIPEWAIT, 1)
        ccurl_set_long(raw, CURLOPT_PATH_AS_IS, 1)
        ccurl_set_long(raw, CURLOPT_FOLLOWLOCATION, 0)
        ccurl_set_long(raw, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        ccurl_set_long(raw, CURLOPT_NOSIGNAL, 1)
        ccurl_set_long(raw, CURLOPT_TCP_NODELAY, 1)
        // Average bytes a second: less than one is none.
        ccurl_set_long(raw, CURLOPT_LOW_SPEED_LIMIT, 1)
        ccurl_set_text(raw, CURLOPT_ACCEPT_ENCODING, "gzip")
        guard let bundle = options.caBundle else { return }
        ccurl_set_text(raw, CURLOPT_CAINFO, bundle)
        ccurl_set_text(raw, CURLOPT_PROXY_CAINFO, bundle)
    }

    /// Makes the handle ready for a transfer, which must outlive its use.
    func prepare(_ transfer: CurlTransfer) {
        let context = Unmanaged.passUnretained(transfer).toOpaque()
        let request = transfer.request
        ccurl_set_private(raw, context)
        ccurl_set_write(raw, receiveBody, context)
        ccurl_set_header(raw, receiveHeader, context)
        ccurl_set_text(raw, CURLOPT_URL, request.url)
        setTimeouts(transfer.timeouts)
        setPath(request)
        write(request)
        if request.method == "POST" {
            ccurl_set_text(raw, CURLOPT_CUSTOMREQUEST, nil)
            ccurl_set_long(raw, CURLOPT_POST, 1)
            ccurl_set_body(raw, block.baseAddress, request.body.count)
        } else {
            ccurl_set_long(raw, CURLOPT_HTTPGET, 1)
            ccurl_set_text(raw, CURLOPT_CUSTOMREQUEST, request.method == "GET" ? nil : request.method)
        }
        ccurl_set_list(raw, CURLOPT_HTTPHEADER, nodes.baseAddress)
    }

    /// Lets go of a transfer.
    ///
    /// - Parameter isSound: False after a failure: nothing that it left is then kept.
    func release(isSound: Bool) {
        ccurl_set_private(raw, nil)
        ccurl_set_list(raw, CURLOPT_HTTPHEADER, nil)
        guard !isSound else { return }
        curl_easy_reset(raw)
        path = nil
        timeouts = nil
        // A connection that outlives its transfer is closed by what its handle says.
        setUp()
    }

    private func setTimeouts(_ wanted: HTTPTimeouts) {
        guard wanted != timeouts else { return }
        timeouts = wanted
        ccurl_set_long(raw, CURLOPT_CONNECTTIMEOUT_MS, wanted.connect.milliseconds)
        ccurl_set_long(raw, CURLOPT_TIMEOUT_MS, wanted.total.milliseconds)
        ccurl_set_long(raw, CURLOPT_LOW_SPEED_TIME, max(1, wanted.idle.milliseconds / 1000))
    }

    /// By which proxy, if any. An empty one keeps libcurl from looking for one itself.
    private func setPath(_ request: HTTPRequest) {
        let wanted = Path(scheme: request.scheme, isDirect: request.isDirect)
        guard wanted != path else { return }
        path = wanted
        let proxy = request.isDirect ? nil : options.proxies.proxy(scheme: request.scheme)
        ccurl_set_text(raw, CURLOPT_PROXY, proxy ?? "")
        ccurl_set_text(raw, CURLOPT_NOPROXY, options.proxies.exceptions)
    }

    // MARK: The request's own bytes

    /// Writes body and header lines into one block, and the list of the lines.
    private func write(_ request: HTTPRequest) {
        var size = request.body.count
        for header in request.headers { size += header.name.utf8.count + header.value.utf8.count + 3 }
        for name in Self.left { size += name.utf8.count + 1 }
        reserve(size, request.headers.count + Self.left.count)
        request.body.withUnsafeBytes { block.copyMemory(from: $0) }
        var end = request.body.count
        var number = 0
        for header in request.headers {
            addNode(number, at: end)
            put(header.name, &end)
            put(": ", &end)
            put(header.value, &end)
            endLine(&end)
            number += 1
        }
        for name in Self.left {
            addNode(number, at: end)
            put(name, &end)
            endLine(&end)
            number += 1
        }
        nodes[number - 1].next = nil
    }

    private func reserve(_ size: Int, _ count: Int) {
        if block.count < size {
            block.deallocate()
            block = .allocate(byteCount: max(size, 1024), alignment: 1)
        }
        if nodes.count < count {
            nodes.deallocate()
            nodes = .allocate(capacity: max(count, 16))
        }
    }

    private func addNode(_ number: Int, at offset: Int) {
        guard let base = block.baseAddress, let list = nodes.baseAddress else { return }
        let line = (base + offset).assumingMemoryBound(to: CChar.self)
        (list + number).initialize(to: curl_slist(data: line, next: list + number + 1))
    }

    private func put(_ text: String, _ end: inout Int) {
        var text = text
        text.withUTF8 { bytes in
            UnsafeMutableRawBufferPointer(rebasing: block[end...]).copyMemory(from: UnsafeRawBufferPointer(bytes))
            end += bytes.count
        }
    }

    private func endLine(_ end: inout Int) {
        block[end] = 0
        end += 1
    }
}

private func closeSocket(_ context: UnsafeMutableRawPointer?, _ socket: curl_socket_t) -> Int32 {
    guard let context else { return 0 }
    return Unmanaged<CurlTransport>.fromOpaque(context).takeUnretainedValue().closed(socket)
}

private func socketOpened(_ context: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _: curlsocktype) -> Int32 {
    if let context { Unmanaged<CurlTransport>.fromOpaque(context).takeUnretainedValue().opened(socket) }
    return Int32(CURL_SOCKOPT_OK)
}
