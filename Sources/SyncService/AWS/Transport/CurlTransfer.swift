import CCurl

/// One request under way. Touched by the loop's thread alone after it was made, hence `@unchecked Sendable`.
final class CurlTransfer: @unchecked Sendable {
    let request: HTTPRequest
    let timeouts: HTTPTimeouts
    let sink: any ReplySink
    var continuation: CheckedContinuation<AWSError?, Never>?
    var handle: UnsafeMutableRawPointer?
    var isCancelled = false
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var head = HTTPResponseHead()
    private var hasBegun = false

    init(_ request: HTTPRequest, _ timeouts: HTTPTimeouts, _ sink: any ReplySink) {
        self.request = request
        self.timeouts = timeouts
        self.sink = sink
    }

    deinit { curl_slist_free_all(headerList) }

    /// Sets a fresh or reset handle up.
    func configure(_ handle: UnsafeMutableRawPointer, options: EndpointOptions, transport: UnsafeMutableRawPointer) {
        self.handle = handle
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_set_private(handle, context)
        ccurl_set_write(handle, receiveBody, context)
        ccurl_set_header(handle, receiveHeader, context)
        ccurl_set_open(handle, socketOpened, transport)
        ccurl_set_close(handle, closeSocket, transport)
        ccurl_set_text(handle, CURLOPT_URL, request.url)
        ccurl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        ccurl_set_long(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        // The first call to a host shows whether others can share its connection.
        ccurl_set_long(handle, CURLOPT_PIPEWAIT, 1)
        ccurl_set_long(handle, CURLOPT_PATH_AS_IS, 1)
        ccurl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0)
        ccurl_set_long(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        ccurl_set_long(handle, CURLOPT_TCP_NODELAY, 1)
        ccurl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, timeouts.connect.milliseconds)
        ccurl_set_long(handle, CURLOPT_TIMEOUT_MS, timeouts.total.milliseconds)
        // Average bytes a second: less than one is none.
        ccurl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
        ccurl_set_long(handle, CURLOPT_LOW_SPEED_TIME, max(1, timeouts.idle.milliseconds / 1000))
        ccurl_set_text(handle, CURLOPT_ACCEPT_ENCODING, "gzip")
        setPath(handle, options)
        if request.method == "POST" {
            ccurl_set_long(handle, CURLOPT_POST, 1)
            request.body.withUnsafeBytes { _ = ccurl_set_body(handle, $0.baseAddress, $0.count) }
            if request.body.isEmpty { ccurl_set_text(handle, CURLOPT_COPYPOSTFIELDS, "") }
        } else {
            ccurl_set_long(handle, CURLOPT_HTTPGET, 1)
            if request.method != "GET" { ccurl_set_text(handle, CURLOPT_CUSTOMREQUEST, request.method) }
        }
        for header in request.headers { append("\(header.name): \(header.value)") }
        // Neither is wanted, and libcurl adds them by itself.
        append("Expect:")
        append("Accept:")
        ccurl_set_list(handle, CURLOPT_HTTPHEADER, headerList)
    }

    /// By which proxy, if any, and whom to trust. An empty proxy keeps libcurl from looking for one itself.
    private func setPath(_ handle: UnsafeMutableRawPointer, _ options: EndpointOptions) {
        let proxy = request.isDirect ? nil : options.proxies.proxy(scheme: request.scheme)
        ccurl_set_text(handle, CURLOPT_PROXY, proxy ?? "")
        ccurl_set_text(handle, CURLOPT_NOPROXY, options.proxies.exceptions)
        guard let bundle = options.caBundle else { return }
        ccurl_set_text(handle, CURLOPT_CAINFO, bundle)
        ccurl_set_text(handle, CURLOPT_PROXY_CAINFO, bundle)
    }

    private func append(_ line: String) {
        if let longer = curl_slist_append(headerList, line) { headerList = longer }
    }

    fileprivate func header(_ line: UnsafeBufferPointer<UInt8>) {
        let text = ScalarText.trim(String(decoding: line, as: UTF8.self))
        if text.hasPrefix("HTTP/") {
            let words = text.split(separator: " ", maxSplits: 2)
            head = HTTPResponseHead(status: words.count > 1 ? Int(words[1]) ?? 0 : 0)
        } else if let colon = text.firstIndex(of: ":") {
            let name = text[..<colon].lowercased()
            head.headers.append(.init(name: name, value: ScalarText.trim(String(text[text.index(after: colon)...]))))
        } else if text.isEmpty, head.status >= 200 {
            begin()
        }
    }

    fileprivate func body(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        if !hasBegun { begin() }
        return sink.receive(bytes)
    }

    private func begin() {
        hasBegun = true
        sink.begin(head)
    }
}

extension Duration {
    /// At least 1, rounded up.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return max(1, Int(clamping: seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
}

private func transfer(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
    context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
}

private func buffer(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: UnsafeRawPointer(bytes)?.assumingMemoryBound(to: UInt8.self), count: count)
}

private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    let total = size * count
    // Anything but the whole ends the transfer.
    return transfer(context)?.body(buffer(bytes, total)) == true ? total : -1
}

private func receiveHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    transfer(context)?.header(buffer(bytes, size * count))
    return size * count
}

private func closeSocket(_ context: UnsafeMutableRawPointer?, _ socket: curl_socket_t) -> Int32 {
    guard let context else { return 0 }
    return Unmanaged<CurlTransport>.fromOpaque(context).takeUnretainedValue().closed(socket)
}

private func socketOpened(_ context: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _: curlsocktype) -> Int32 {
    if let context { Unmanaged<CurlTransport>.fromOpaque(context).takeUnretainedValue().opened(socket) }
    return Int32(CURL_SOCKOPT_OK)
}
