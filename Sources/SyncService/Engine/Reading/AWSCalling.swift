import JSON

/// Calls in one account, as reading a catalogue entry needs them.
protocol AWSCalling: Sendable {
    /// One operation's output, all pages joined.
    func call(
        _ service: String, _ operation: String, region: String, _ parameters: JSONValue
    ) async throws(AWSError) -> JSONValue

    /// The same as canonical JSON.
    func output(
        _ service: String, _ operation: String, region: String, _ parameters: JSONValue
    ) async throws(AWSError) -> [UInt8]

    /// A listing, page by page.
    func list(
        _ service: String, _ operation: String, region: String, _ parameters: JSONValue, items: ItemsPlan,
        onPage: @escaping @Sendable (AWSPage) async throws(AWSError) -> Void
    ) async throws(AWSError)
}

extension AWSCalling {
    func output(
        _ service: String, _ operation: String, region: String, _ parameters: JSONValue
    ) async throws(AWSError) -> [UInt8] {
        try await call(service, operation, region: region, parameters).bytes(canonical: true)
    }
}

/// The client under an account's credentials.
struct AccountCalls: AWSCalling {
    let client: AWSClient
    let credentials: any CredentialsProvider
    /// Whose limits the calls count against.
    let account: String

    func call(
        _ service: String, _ operation: String, region: String, _ parameters: JSONValue
    ) async throws(AWSError) -> JSONValue {
        try await client.call(
            service: service, operation: operation, region: region, parameters: parameters, credentials: credentials,
            account: account
        ).value()
    }

    func output(
        _ service: String, _ operation: String, region: String, _ parameters: JSONValue
    ) async throws(AWSError) -> [UInt8] {
        try await client.call(
            service: service, operation: operation, region: region, parameters: parameters, credentials: credentials,
            account: account
        ).output
    }

    /// One operation's output, the first page alone, with what says whether more follows.
    func firstPage(
        _ service: String, _ operation: String, region: String, _ parameters: JSONValue
    ) async throws(AWSError) -> CanonicalObject {
        let response = try await client.call(
            service: service, operation: operation, region: region, parameters: parameters, credentials: credentials,
            account: account, collect: false)
        guard let output = CanonicalObject(canonical: response.output) else {
            throw AWSError(.malformed("the output is no object"))
        }
        return output
    }

    func list(
        _ service: String, _ operation: String, region: String, _ parameters: JSONValue, items: ItemsPlan,
        onPage: @escaping @Sendable (AWSPage) async throws(AWSError) -> Void
    ) async throws(AWSError) {
        try await client.listPages(
            service: service, operation: operation, region: region, parameters: parameters, items: items,
            credentials: credentials, account: account, onPage: onPage)
    }
}

/// Where a scope is read.
struct ReadingPlace: Sendable, Equatable {
    /// 12 digits.
    var account: String
    var partition: String
    /// Where global types are asked for.
    var homeRegion: String
}

extension ReadFailure {
    /// What AWS's refusal means for a listing or a call. `InvalidClientTokenId` and its like are failures: they also come
    /// for wrong credentials, and a gap must not read as "there is nothing".
    init(_ error: AWSError, operation: String) {
        let kind: Kind =
            if case .cancelled = error.kind {
                .cancelled
            } else if error.isThrottled {
                .throttled
            } else if error.isAccessDenied {
                .denied
            } else {
                .other
            }
        self.init(kind, code: error.code, message: error.message, operation: operation)
    }
}
