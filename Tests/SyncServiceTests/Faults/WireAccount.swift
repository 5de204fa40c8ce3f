import EventLoop
import JSON
import Platform
import Synchronization

@testable import SyncService

/// ``FaultyAccount`` behind a server and the real client: its answers in each service's protocol, and a fault on the wire
/// at one of its calls. The waits of the client pass on a clock of its own.
final class WireAccount: AWSAccess {
    /// A call that was made, and what a fault can be set at.
    struct Call: Hashable, Sendable {
        var name: String
        var service: String
        var operation: String
        /// Whether the service answers it in pages.
        var isPaged: Bool
        var page: Int
    }

    /// A fault, and at which calls it is. The number says how often the call was made before, since it was set.
    struct Placed: Sendable {
        var fault: WireFault
        var isAt: @Sendable (Call, Int) -> Bool
    }

    private struct State {
        var made: Set<Call> = []
        var faults: [Placed] = []
        var times: [Call: Int] = [:]
        var hits = 0
        var outside: [String] = []
        var keys = 0
        var regions = ["eu-central-1", "us-east-1"]
        /// When AWS takes an access key no more.
        var ends: [String: WallTime] = [:]
        var requests = 0
        var onRequest: (@Sendable (Int) -> Void)?
        var client: Client?
    }

    /// What one case is made with: no quota, breaker or connection is left over from another.
    private struct Client: Sendable {
        var loop: EventLoop
        var client: AWSClient
        var gateway: AWSGateway
    }

    private let state = Mutex(State())
    private let account: FaultyAccount
    private let catalogue: Catalogue
    private let models: [ServiceModel]
    private let partitions: Partitions
    private let clock: any WallClock
    /// AWS's own clock, by which it judges signatures and sessions; nil: it does not.
    private let time: (any WallClock)?
    private let server = Mutex<StandInServer?>(nil)
    private let endpoint: String

    static let limit = 12

    init(_ catalogue: Catalogue, clock: any WallClock, aws time: (any WallClock)? = nil) throws {
        self.catalogue = catalogue
        self.clock = clock
        self.time = time
        account = FaultyAccount(catalogue)
        partitions = try Partitions.load(share: Fixtures.share)
        var services: Set<String> = ["sts", "ec2"]
        for type in catalogue.types { services.formUnion(type.operations.map(\.service)) }
        models = try services.sorted().map { try catalogue.shapes.model($0) }
        let answers = Answers()
        let server = try StandInServer { request, _ in answers.of(request) }
        endpoint = server.endpoint
        self.server.withLock { $0 = server }
        answers.owner = { [weak self] request in self?.answer(request) ?? .close }
        try renewClient()
    }

    /// Breaks the circle of the server and what answers for it.
    private final class Answers: Sendable {
        private let answer = Mutex<(@Sendable (StandInServer.Request) -> StandInServer.Answer)?>(nil)
        var owner: (@Sendable (StandInServer.Request) -> StandInServer.Answer)? {
            get { answer.withLock { $0 } }
            set { answer.withLock { $0 = newValue } }
        }
        func of(_ request: StandInServer.Request) -> StandInServer.Answer { owner?(request) ?? .close }
    }

    var made: Set<Call> { state.withLock { $0.made } }
    /// How often a fault was met since it was set.
    var hits: Int { state.withLock { $0.hits } }
    /// How often the role was assumed.
    var sessions: Int { state.withLock { $0.keys } }
    /// Requests that are none of the catalogue's calls.
    var outside: [String] { state.withLock { $0.outside } }

    func stop() async {
        await closeClient()
        server.withLock { $0 }?.stop()
    }

    // MARK: Faults

    /// Sets the only fault, and makes the next run with a client of its own.
    func fail(_ call: Call, _ fault: WireFault) async throws {
        let placed = Placed(fault: fault) { made, _ in
            // A listing that has no end is one from its first page on.
            made.name == call.name && (made.page == call.page || fault.isEndless)
        }
        try await set([placed])
    }

    func set(_ faults: [Placed]) async throws {
        await closeClient()
        state.withLock { state in (state.faults, state.hits, state.times, state.keys) = (faults, 0, [:], 0) }
        try renewClient(isHasty: faults.contains { $0.fault == .hang })
    }

    /// Does something before each request is answered; the number counts them from 0.
    func beforeEachRequest(_ body: (@Sendable (Int) -> Void)?) {
        state.withLock { ($0.requests, $0.onRequest) = (0, body) }
    }

    func heal() async throws { try await set([]) }

    /// Sets what the account's regions are.
    func tell(regions: [String]) { state.withLock { $0.regions = regions } }

    // MARK: The client

    private func renewClient(isHasty: Bool = false) throws {
        let loop = try EventLoop.start(name: "calls")
        var configuration = AWSClientConfiguration(
            loop: loop, shapes: catalogue.shapes, partitions: partitions, endpoints: EndpointOptions(url: endpoint))
        configuration.clock = clock
        configuration.limits.pages = Self.limit
        configuration.rates = CallRates(usual: 10_000)
        configuration.random = { 0.5 }
        if isHasty {
            // Others of the service are not to be given up beside the one that hangs.
            configuration.limits.callTimeout = .seconds(1)
            configuration.limits.attempts = 2
            configuration.limits.breakerFailures = 1000
        }
        let passed = Passed()
        configuration.instant = { passed.now }
        configuration.sleep = { (duration: Duration) async throws(CancellationError) in passed.add(duration) }
        let client = AWSClient(configuration: configuration)
        let gateway = AWSGateway(
            client: client, catalogue: catalogue, partitions: partitions, source: ClientHarness.credentials,
            ownRegion: "us-east-1", principalARN: nil, clock: clock)
        state.withLock { $0.client = Client(loop: loop, client: client, gateway: gateway) }
    }

    private func closeClient() async {
        guard let old = state.withLock({ $0.client }) else { return }
        await old.client.close()
        old.loop.stop()
    }

    private final class Passed: Sendable {
        private let time = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { time.withLock { $0 } }
        func add(_ duration: Duration) { time.withLock { $0 += duration } }
    }

    private var gateway: AWSGateway {
        get throws(ReadFailure) {
            guard let client = state.withLock({ $0.client }) else { throw .cancelled }
            return client.gateway
        }
    }

    func open(
        _ role: RoleConnection, lease: @escaping @Sendable () async throws(ReadFailure) -> Void
    ) async throws(ReadFailure) -> any AccountSession { try await gateway.open(role, lease: lease) }

    func assume(_ role: RoleConnection, externalID: String?) async throws(ReadFailure) -> any AccountSession {
        try await gateway.assume(role, externalID: externalID)
    }

    func principal() async throws(ReadFailure) -> String { try await gateway.principal() }

    func regions(ofPartition roleARN: String) -> [String] { account.regions(ofPartition: roleARN) }

    // MARK: The server

    private func answer(_ request: StandInServer.Request) -> StandInServer.Answer {
        guard let asked = WireRequest(request, models) else {
            state.withLock { $0.outside.append("\(request.method) \(request.target) \(request.body)") }
            return .close
        }
        let (number, onRequest) = state.withLock { state in
            state.requests += 1
            return (state.requests - 1, state.onRequest)
        }
        onRequest?(number)
        if let refusal = refusal(asked, signedAt: request.headers["x-amz-date"]) { return refusal }
        let call = Call(
            name: asked.name, service: asked.model.name, operation: asked.operation.name,
            isPaged: asked.operation.page != nil, page: asked.page)
        let (fault, time) = state.withLock { state in
            let time = state.times[call, default: 0]
            state.times[call] = time + 1
            state.made.insert(call)
            let fault = state.faults.first { $0.isAt(call, time) }?.fault
            if fault != nil { state.hits += 1 }
            return (fault, time)
        }
        let writer = WireWriter(model: asked.model, operation: asked.operation)
        let (body, headers) = writer.output(output(asked, fault))
        let whole = StandInServer.Answer.reply(200, body, type: writer.contentType, headers: headers)
        return fault?.answer(writer, time: time, whole: whole) ?? whole
    }

    /// How AWS refuses what was signed at another time than it is, or by a session that has ended.
    private func refusal(_ asked: WireRequest, signedAt signed: String?) -> StandInServer.Answer? {
        guard let now = time?.now() else { return nil }
        let writer = WireWriter(model: asked.model, operation: asked.operation)
        let text = now.rfc3339()
        let isSkewed = signed != text.filter { $0 != "-" && $0 != ":" }
        let hasEnded = state.withLock { $0.ends[asked.accessKey] }.map { $0 <= now } ?? false
        guard isSkewed || hasEnded else { return nil }
        let error = writer.error(isSkewed ? writer.skew : "ExpiredToken", "not now", status: 403)
        // The tests' clocks show whole hours of one day.
        let date = "Fri, 15 Jan 2027 \(text.dropFirst(11).prefix(8)) GMT"
        return .reply(error.status, error.body, type: writer.contentType, headers: ["Date": date])
    }

    private func output(_ asked: WireRequest, _ fault: WireFault?) -> JSONValue {
        switch asked.operation.name {
        case "AssumeRole":
            let number = state.withLock { state in
                state.keys += 1
                return state.keys
            }
            let end = (time ?? clock).now() + .seconds(3600)
            state.withLock { $0.ends["ASIASESSION\(number)"] = end }
            return [
                "Credentials": [
                    "AccessKeyId": .string("ASIASESSION\(number)"), "SecretAccessKey": "secret",
                    "SessionToken": "token",
                    "Expiration": .string(end.rfc3339()),
                ]
            ]
        case "DescribeRegions":
            return [
                "Regions": .array(
                    state.withLock { $0.regions }.map {
                        ["RegionName": .string($0), "OptInStatus": "opt-in-not-required"]
                    })
            ]
        default: break
        }
        // However many pages there are, there are two items.
        let answer = try? account.answer(
            asked.model.name, asked.operation.name, asked.region, page: min(asked.page, 1))
        var output = answer ?? [:]
        guard let paginator = asked.operation.page else { return output }
        let next: Int? =
            switch fault {
            case .sameToken: 1
            case .newTokens: asked.page + 1
            default: asked.page == 0 ? 1 : nil
            }
        for path in paginator.outputs {
            path.update(&output) { _ in next.map { .string("\(WireRequest.token)\($0)") } }
        }
        paginator.more?.update(&output) { _ in .bool(next != nil) }
        return output
    }
}
