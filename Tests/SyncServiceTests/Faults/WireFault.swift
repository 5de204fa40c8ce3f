@testable import SyncService

/// What can go wrong with one call on its way.
enum WireFault: String, CaseIterable, Sendable {
    case resetBeforeHead, resetInHead, denied, shortBody, throttled, emptyBody, expired, malformedBody, internalError
    case page200, throttledOnce, page500, hang, sameToken, expiredOnce, newTokens, resetOnce, resetInBody
    case internalErrorOnce

    /// Whether the run has to come through it, with nothing lost.
    var isOutlived: Bool { [.throttledOnce, .expiredOnce, .resetOnce, .internalErrorOnce].contains(self) }

    /// Whether it is of a listing that has no end.
    var isEndless: Bool { self == .sameToken || self == .newTokens }

    /// What coverage may say of it.
    func codes(_ writer: WireWriter) -> Set<String> {
        switch self {
        case .resetBeforeHead: ["Parapet.Connection"]
        case .resetInHead, .resetInBody: ["Parapet.Connection", "Parapet.MalformedResponse"]
        case .shortBody, .emptyBody, .malformedBody, .page200, .page500, .sameToken, .newTokens:
            ["Parapet.MalformedResponse"]
        case .hang: ["Parapet.Timeout"]
        case .denied: [writer.denial]
        case .throttled: [writer.throttle]
        case .expired: ["ExpiredToken"]
        case .internalError: ["InternalError"]
        case .throttledOnce, .expiredOnce, .resetOnce, .internalErrorOnce: []
        }
    }

    /// Words that coverage has to hold: AWS's own where it spoke.
    var words: String {
        switch self {
        case .denied: "not authorized to do this"
        case .throttled: "rate exceeded"
        case .expired: "the token is expired"
        case .internalError: "we had an error"
        case .sameToken: "does not end"
        case .newTokens: "more than"
        default: ""
        }
    }

    /// - Parameters:
    ///   - time: How often the call was made before, since the fault was set.
    ///   - whole: The answer without a fault.
    func answer(_ writer: WireWriter, time: Int, whole: StandInServer.Answer) -> StandInServer.Answer {
        guard case .reply(_, let body, let type, let headers) = whole else { return whole }
        let head = "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\n"
        let half = String(body.prefix(body.count / 2))
        let page = "<!doctype html><html><head><title>Sign in</title></head><body><h1>Network</h1></body></html>"
        func error(_ code: String, _ status: Int) -> StandInServer.Answer {
            let error = writer.error(code, words, status: status)
            return .reply(error.status, error.body, type: writer.contentType)
        }
        switch self {
        case .resetBeforeHead: return .reset([])
        case .resetInHead: return .reset(Array(head.utf8))
        case .resetInBody: return .reset(Array((head + "Content-Length: \(body.utf8.count)\r\n\r\n\(half)").utf8))
        case .shortBody: return .raw(Array((head + "Content-Length: \(body.utf8.count)\r\n\r\n\(half)").utf8))
        case .emptyBody: return .reply(200, "", type: type)
        case .malformedBody: return .reply(200, half, type: type, headers: headers)
        case .page200, .page500: return .reply(self == .page200 ? 200 : 500, page, type: "text/html")
        case .hang: return .hang
        case .denied: return error(writer.denial, 403)
        case .throttled: return error(writer.throttle, writer.model.wireProtocol == .restXML ? 503 : 400)
        case .expired: return error("ExpiredToken", 400)
        case .internalError: return error("InternalError", 500)
        case .sameToken, .newTokens: return whole
        case .throttledOnce, .expiredOnce, .resetOnce, .internalErrorOnce:
            let once: [WireFault: WireFault] = [
                .throttledOnce: .throttled, .expiredOnce: .expired, .resetOnce: .resetBeforeHead,
                .internalErrorOnce: .internalError,
            ]
            guard time == 0, let fault = once[self] else { return whole }
            return fault.answer(writer, time: time, whole: whole)
        }
    }
}
