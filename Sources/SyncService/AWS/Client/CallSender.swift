import JSON
import Platform
import Synchronization

/// Makes one call: waits for its turn, signs, sends, and repeats what may succeed a moment later.
struct CallSender: Sendable {
    struct Call: Sendable {
        var model: ServiceModel
        var operation: ServiceModel.Operation
        var region: String
        var input: JSONValue
        var credentials: any CredentialsProvider
        var account: String
    }

    let gates: ServiceGates
    private let configuration: AWSClientConfiguration
    private let transport: any HTTPTransport
    private let resolver: EndpointResolver
    private let process: Permits
    private let keys = SigningKeys()
    private let clocks: ClockOffsets
    private let timeouts: HTTPTimeouts
    /// A region that has answered nothing for so long gets no more than its share of the process's calls.
    private static let patience = Duration.seconds(1)
    /// A turn that comes sooner is taken at once: no timer is finer, and the ceiling is held at the moment of sending.
    private static let leastWait = Duration.milliseconds(1)
    /// The SDKs' base after a throttle. After other trouble theirs is 50 ms: a sync has time to outlive more of it.
    static let throttledBase = Duration.seconds(1)
    private static let usualBase = Duration.milliseconds(500)

    init(configuration: AWSClientConfiguration, transport: any HTTPTransport) {
        self.configuration = configuration
        self.transport = transport
        let limits = configuration.limits
        gates = ServiceGates(limits: limits, rates: configuration.rates)
        process = Permits(limits.inFlight, patience: Self.patience, instant: configuration.instant)
        clocks = ClockOffsets(clock: configuration.clock)
        resolver = EndpointResolver(partitions: configuration.partitions, options: configuration.endpoints)
        timeouts = HTTPTimeouts(connect: limits.connectTimeout, idle: limits.idleTimeout, total: limits.callTimeout)
    }

    func send(_ call: Call, tree: ItemTree?) async throws(AWSError) -> Reply {
        var call = call
        var attempt = 1
        var isRenewed = false
        var isRedirected = false
        var isClockSet = false
        var cost: Int?
        var previous: AWSError?
        while true {
            let gate = gates.gate(account: call.account, region: call.region, service: call.model.name)
            let credentials = try await call.credentials.credentials()
            // Our clock may jump before the refusal comes.
            var signed: WallTime?
            do throws(AWSError) {
                let reply = try await once(call, gate, credentials, tree, isRetry: attempt > 1, &signed)
                gate.quota.withLock { $0.succeeded(lastCost: cost) }
                return amended(reply, call)
            } catch {
                // What went wrong says more than that the breaker has opened meanwhile.
                if let previous, case .connection = error.kind, !error.isTransient { throw previous }
                previous = error
                if !isClockSet, let signed,
                    clocks.learn(
                        from: error, signedAt: signed, service: call.model.name, region: call.region)
                {
                    isClockSet = true
                    continue
                }
                if error.isExpiredCredentials, !isRenewed {
                    isRenewed = true
                    await call.credentials.invalidate(credentials)
                    continue
                }
                if !isRedirected, let region = redirect(error, call) {
                    isRedirected = true
                    call.region = region
                    continue
                }
                let next = error.isTransient && attempt < configuration.limits.attempts
                cost = next ? gate.quota.withLock { $0.take(afterThrottle: error.isThrottled) } : nil
                guard cost != nil, !Task.isCancelled else {
                    count(call) { $0.failures += 1 }
                    throw error
                }
                try await pause(backoff(attempt, after: error))
                attempt += 1
            }
        }
    }

    /// How far an endpoint's clock is ahead of ours, as far as it has told.
    func clockAhead(service: String, region: String) -> Duration { clocks.ahead(service: service, region: region) }

    // MARK: One attempt

    private func once(
        _ call: Call, _ gate: ServiceGate, _ credentials: AWSCredentials, _ tree: ItemTree?, isRetry: Bool,
        _ signed: inout WallTime?
    ) async throws(AWSError) -> Reply {
        guard gate.breaker.with({ $0.allows(at: configuration.instant()) }) else {
            throw unreachable(call)
        }
        try await gate.permits.acquire()
        defer { gate.permits.release() }
        let wait = gate.pacer.withLock { $0.turn(at: configuration.instant()) }
        if wait > Self.leastWait { try await pause(wait) }
        try await process.acquire(for: call.account, group: call.region)
        defer { process.release(group: call.region) }
        while let wait = gate.pacer.withLock({ $0.admit(at: configuration.instant()) }) { try await pause(wait) }
        let time = clocks.now(service: call.model.name, region: call.region)
        signed = time
        let request = try self.request(call, credentials, at: time)
        let reader = ReplyReader(
            model: call.model, operation: call.operation, tree: tree, limit: configuration.limits.responseBytes)
        var failure: AWSError?
        let began = configuration.instant()
        let spots = configuration.meter.spots(key(call))
        for spot in spots { spot.began(at: began) }
        do { try await transport.send(request, timeouts: timeouts, into: reader) } catch { failure = error }
        for spot in spots {
            spot.add {
                $0.calls += 1
                if isRetry { $0.retries += 1 }
                $0.bytes += reader.byteCount
            }
        }
        return try judged(call, gate, began) { () throws(AWSError) in try reader.finish(failure) }
    }

    /// Lets the gate and the breaker learn from the outcome.
    private func judged(
        _ call: Call, _ gate: ServiceGate, _ began: ContinuousClock.Instant,
        _ finish: () throws(AWSError) -> Reply
    ) throws(AWSError) -> Reply {
        do throws(AWSError) {
            let reply = try finish()
            gate.pacer.withLock { $0.succeeded(at: configuration.instant()) }
            gate.breaker.with { $0.succeeded() }
            return reply
        } catch {
            switch error.kind {
            case .connection, .timeout:
                gate.breaker.with { $0.failed(at: configuration.instant(), began: began) }
            case .cancelled, .credentials, .request: break
            default: gate.breaker.with { $0.succeeded() }
            }
            if error.isThrottled {
                gate.pacer.withLock { $0.throttled(at: configuration.instant()) }
                count(call) { $0.throttles += 1 }
            }
            throw error
        }
    }

    private func request(
        _ call: Call, _ credentials: AWSCredentials, at time: WallTime
    ) throws(AWSError) -> HTTPRequest {
        let endpoint = try resolver.resolve(call.model, call.operation, region: call.region, input: call.input)
        let builder = RequestBuilder(model: call.model, operation: call.operation)
        var request = try builder.build(call.input, endpoint: endpoint)
        request.headers.append(.init(name: "User-Agent", value: "parapet"))
        if credentials.isUnsigned { return request }
        let isS3 = endpoint.signingName == "s3" || endpoint.signingName == "s3express"
        let signer = SigV4(
            region: endpoint.signingRegion, service: endpoint.signingName, options: isS3 ? .s3 : .standard)
        signer.sign(&request, with: credentials, at: time, keys: keys)
        return request
    }

    // MARK: What follows an outcome

    private func unreachable(_ call: Call) -> AWSError {
        var error = AWSError(
            .connection("\(call.model.name) in \(call.region) could not be reached several times; not tried again yet"))
        error.isTransient = false
        return error
    }

    /// S3 names the region of a bucket that was asked for elsewhere.
    private func redirect(_ error: AWSError, _ call: Call) -> String? {
        guard call.model.name == "s3", let region = error.bucketRegion, region != call.region else { return nil }
        let codes = [
            "PermanentRedirect", "AuthorizationHeaderMalformed", "TemporaryRedirect",
            "IllegalLocationConstraintException",
        ]
        guard codes.contains(error.code) else { return nil }
        return configuration.partitions.partition(ofRegion: region) == nil ? nil : region
    }

    /// A bucket of the oldest region has no location constraint, one of an old Irish one has `EU`.
    private func amended(_ reply: Reply, _ call: Call) -> Reply {
        guard call.model.name == "s3", call.operation.name == "GetBucketLocation" else { return reply }
        var reply = reply
        let found = (try? JSONValue(parsing: reply.rest))?["LocationConstraint"]?.string ?? ""
        let home = configuration.partitions.partition(ofRegion: call.region)?.homeRegion ?? "us-east-1"
        let region = found.isEmpty ? home : found == "EU" ? "eu-west-1" : found
        reply.rest = JSONValue.object(["LocationConstraint": .string(region)]).bytes()
        return reply
    }

    /// Full jitter: anything up to the base doubled with each attempt, and capped.
    private func backoff(_ attempt: Int, after error: AWSError) -> Duration {
        let base = error.isThrottled ? Self.throttledBase : Self.usualBase
        let cap = min(configuration.limits.backoffCap, base * (1 << min(attempt - 1, 10)))
        return cap * configuration.random()
    }

    private func pause(_ duration: Duration) async throws(AWSError) {
        do { try await configuration.sleep(duration) } catch { throw AWSError(.cancelled) }
    }

    private func count(_ call: Call, _ change: (inout AWSMeter.Counts) -> Void) {
        for spot in configuration.meter.spots(key(call)) { spot.add(change) }
    }

    private func key(_ call: Call) -> AWSMeter.Key {
        AWSMeter.Key(service: call.model.name, operation: call.operation.name, region: call.region)
    }
}
