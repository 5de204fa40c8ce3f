import RPC

/// A response's bytes.
///
/// - Throws: INVALID_ARGUMENT for a negative size, RESOURCE_EXHAUSTED for one that no response may have.
func zeros(_ size: Int32) throws(RPCError) -> [UInt8] {
    guard size >= 0 else { throw RPCError(.invalidArgument, "a response cannot have \(size) bytes") }
    let limit = ServerConfiguration().sendLimitBytes
    guard size <= limit else {
        throw RPCError(.resourceExhausted, "a response of \(size) bytes is over the limit of \(limit)")
    }
    return [UInt8](repeating: 0, count: Int(size))
}

/// Sleeps; nothing for a time that is not positive.
func sleep(_ time: Duration) async throws(RPCError) {
    guard time > .zero else { return }
    do { try await Task.sleep(for: time) } catch { throw RPCError(.cancelled, "the call was cancelled") }
}
