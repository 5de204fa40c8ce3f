import Platform

/// Why a call to AWS gave no answer that can be used.
struct AWSError: Error, Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        /// AWS answered with an error of its own.
        case service(code: String, message: String, httpStatus: Int)
        /// AWS asked to slow down, still after all attempts.
        case throttled(code: String, message: String, httpStatus: Int)
        /// No complete answer within the call's time.
        case timeout(String)
        /// No connection: name, address, TLS, or a breaker that has seen several fail.
        case connection(String)
        /// An answer that is not of the protocol: cut, of another format, without what must be there.
        case malformed(String)
        /// No credentials, or none that could be renewed. Says what was looked at.
        case credentials(String)
        /// The call cannot be made: unknown operation, a required input is missing.
        case request(String)
        case cancelled
        /// The answer is larger than the limit, in bytes.
        case tooLarge(limit: Int)
    }

    var kind: Kind
    /// AWS's id of the request, where it gave one: what its support asks for.
    var requestID: String?
    /// Whether the same call may succeed a moment later.
    var isTransient = false
    /// What AWS's clock showed when it refused.
    var serverTime: WallTime?
    /// Where S3 says that the bucket is, when it refuses a call for being made elsewhere.
    var bucketRegion: String?

    init(_ kind: Kind, requestID: String? = nil, isTransient: Bool = false) {
        self.kind = kind
        self.requestID = requestID
        switch kind {
        case .throttled, .timeout, .connection: self.isTransient = true
        case .service(let code, _, let status):
            self.isTransient = Self.transientStatuses.contains(status) || Self.transientCodes.contains(code)
        default: self.isTransient = isTransient
        }
    }

    static let transientStatuses: Set<Int> = [500, 502, 503, 504]

    /// Codes that stand for a moment's trouble whatever the status, as the SDKs' standard mode has them.
    static let transientCodes: Set<String> = [
        "RequestTimeout", "RequestTimeoutException", "InternalError", "InternalFailure", "ServiceUnavailable",
        "ServiceUnavailableException", "IDPCommunicationError",
    ]

    /// AWS's own error code, without a namespace; `Parapet.…` where AWS did not speak.
    var code: String {
        switch kind {
        case .service(let code, _, _), .throttled(let code, _, _): code
        case .timeout: "Parapet.Timeout"
        case .connection: "Parapet.Connection"
        case .malformed: "Parapet.MalformedResponse"
        case .credentials: "Parapet.Credentials"
        case .request: "Parapet.Request"
        case .cancelled: "Parapet.Cancelled"
        case .tooLarge: "Parapet.ResponseTooLarge"
        }
    }

    /// AWS's own words where it spoke, else ours.
    var message: String {
        switch kind {
        case .service(_, let message, _), .throttled(_, let message, _): message
        case .timeout(let what), .connection(let what), .malformed(let what), .credentials(let what),
            .request(let what):
            what
        case .cancelled: "the call was cancelled"
        case .tooLarge(let limit): "the response is larger than \(limit) bytes"
        }
    }

    /// The status of AWS's answer, if there was one.
    var httpStatus: Int? {
        switch kind {
        case .service(_, _, let status), .throttled(_, _, let status): status
        default: nil
        }
    }
}

extension AWSError: CustomStringConvertible {
    var description: String { "\(code): \(message)" }
}

extension AWSError {
    /// Codes by which AWS refuses for want of permission, by any of its services.
    private static let denials: Set<String> = [
        "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnauthorizedAccess", "AuthorizationError",
        "AuthorizationErrorException", "Forbidden", "ForbiddenException", "NotAuthorized", "UnauthorizedException",
        "AuthFailure", "KMSAccessDeniedException",
    ]

    /// Codes that say that the credentials are over, not that they lack a permission.
    private static let expirations: Set<String> = [
        "ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired", "ExpiredTokenError",
    ]

    /// Codes by which AWS refuses a signature. The time in it is one of several reasons.
    private static let signatures: Set<String> = [
        "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "InvalidSignatureException",
        "SignatureDoesNotMatch", "AuthFailure", "InvalidSignature",
    ]

    /// Codes that say that the region is off for the account, or that its sessions are not valid there.
    private static let regionOff: Set<String> = [
        "OptInRequired", "RegionDisabledException", "InvalidClientTokenId", "UnrecognizedClientException",
    ]

    /// Whether a permission is missing.
    var isAccessDenied: Bool { Self.denials.contains(code) }

    /// Whether renewed credentials may help.
    var isExpiredCredentials: Bool { Self.expirations.contains(code) }

    /// How far AWS's clock is ahead of the time that was signed, if that can be why it refused: more than four minutes,
    /// of the five that it allows.
    func skew(signedAt time: WallTime) -> Duration? {
        guard Self.signatures.contains(code), let serverTime else { return nil }
        let ahead = serverTime - time
        return ahead > .seconds(240) || ahead < .seconds(-240) ? ahead : nil
    }

    /// Whether AWS says that the region is not enabled. The last two codes say the same of a session in a region
    /// that is off, and of wrong credentials: only the caller knows whether the session works elsewhere.
    var suggestsRegionDisabled: Bool { Self.regionOff.contains(code) }

    /// Whether AWS still asked to slow down after all attempts.
    var isThrottled: Bool {
        if case .throttled = kind { true } else { false }
    }
}
