import JSON

/// Calls whose output is the same for all assets of a scope: each is made once, whoever asks first.
actor SharedCalls {
    private enum Entry {
        case running([CheckedContinuation<Result<JSONValue, AWSError>, Never>])
        case done(Result<JSONValue, AWSError>)
    }

    private var entries: [String: Entry] = [:]

    func output(
        of name: String, _ call: @Sendable () async throws(AWSError) -> JSONValue
    ) async throws(AWSError) -> JSONValue {
        switch entries[name] {
        case .done(let result): return try result.get()
        case .running(let waiting):
            let result = await withCheckedContinuation { continuation in
                entries[name] = .running(waiting + [continuation])
            }
            return try result.get()
        case nil: break
        }
        entries[name] = .running([])
        let result: Result<JSONValue, AWSError>
        do throws(AWSError) { result = .success(try await call()) } catch { result = .failure(error) }
        if case .running(let waiting) = entries[name] {
            for continuation in waiting { continuation.resume(returning: result) }
        }
        entries[name] = .done(result)
        return try result.get()
    }
}
