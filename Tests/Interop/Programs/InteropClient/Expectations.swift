import InteropShared
import RPC

/// A case does not hold; the text says what was seen, and what should have been.
struct CaseFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

func expect<Value: Equatable>(_ what: String, _ seen: Value, _ wanted: Value) throws(CaseFailure) {
    guard seen != wanted else { return }
    throw CaseFailure("\(what): \(String(describing: seen).prefix(200)), not \(String(describing: wanted).prefix(200))")
}

/// That a payload is `size` zeros.
func expectZeros(_ payload: Payload?, _ size: Int) throws(CaseFailure) {
    let body = payload?.body ?? []
    try expect("payload size", body.count, size)
    guard body.allSatisfy({ $0 == 0 }) else { throw CaseFailure("the payload is not all zeros") }
}

/// That `call` fails, and how; nil for any message.
func expectStatus(_ code: StatusCode, message: String? = nil, _ call: () async throws -> Void) async throws {
    do { try await call() } catch let error as RPCError {
        try expect("status", error.code.name, code.name)
        if let message { try expect("status message", error.message, message) }
        return
    }
    throw CaseFailure("status OK, not \(code.name)")
}
