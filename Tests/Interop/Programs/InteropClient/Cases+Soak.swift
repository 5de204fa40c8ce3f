import InteropShared
import RPC
import Wire

/// How a soak case is run; the defaults are those of gRPC's own programs.
struct SoakPlan {
    var iterations = 10
    var maxFailures = 0
    var maxLatency: Duration = .seconds(1)
    var overallTimeout: Duration = .seconds(10)
    var minTimeBetween: Duration = .zero
    var requestSize = 271_828
    var responseSize: Int32 = 314_159

    static let flags: Set<String> = [
        "soak_iterations", "soak_max_failures", "soak_per_iteration_max_acceptable_latency_ms",
        "soak_overall_timeout_seconds", "soak_min_time_ms_between_rpcs", "soak_request_size", "soak_response_size",
    ]

    init(_ flags: Flags) throws(FlagError) {
        iterations = try flags.number("soak_iterations", or: iterations)
        maxFailures = try flags.number("soak_max_failures", or: maxFailures)
        maxLatency = .milliseconds(try flags.number("soak_per_iteration_max_acceptable_latency_ms", or: 1000))
        overallTimeout = .seconds(try flags.number("soak_overall_timeout_seconds", or: 10))
        minTimeBetween = .milliseconds(try flags.number("soak_min_time_ms_between_rpcs", or: 0))
        requestSize = try flags.number("soak_request_size", or: requestSize)
        responseSize = try flags.number("soak_response_size", or: responseSize)
        guard requestSize >= 0, responseSize >= 0 else { throw FlagError("a soak's sizes are not negative") }
    }
}

extension Cases {
    /// Large calls over one connection.
    func rpcSoak() async throws { try await soak { client } }

    /// Large calls, each over a connection of its own.
    func channelSoak() async throws { try await soak(connect) }

    private func soak(_ nextClient: () -> RPCClient) async throws {
        let began = ContinuousClock.now
        var failures = 0
        var done = 0
        while done < soak.iterations, ContinuousClock.now - began < soak.overallTimeout {
            let client = nextClient()
            let start = ContinuousClock.now
            if let failure = await iteration(client) {
                failures += 1
                Diagnostics.print("soak iteration \(done): \(failure)\n")
            }
            if client !== self.client { client.close() }
            done += 1
            try await Task.sleep(until: start + soak.minTimeBetween, clock: .continuous)
        }
        try expect("iterations within \(soak.overallTimeout)", done, soak.iterations)
        guard failures <= soak.maxFailures else {
            throw CaseFailure("\(failures) of \(done) iterations failed, at most \(soak.maxFailures) may")
        }
    }

    /// Why one iteration failed; nil when it did not.
    private func iteration(_ client: RPCClient) async -> String? {
        let start = ContinuousClock.now
        let request = SimpleRequest.with {
            $0.responseSize = soak.responseSize
            $0.payload = Payload(size: soak.requestSize)
        }
        do {
            let response = try await client.unary(TestMethods.unaryCall, request, Self.options())
            try expectZeros(response.payload, Int(soak.responseSize))
        } catch {
            return "\(error)"
        }
        let took = ContinuousClock.now - start
        return took > soak.maxLatency ? "took \(took)" : nil
    }
}
