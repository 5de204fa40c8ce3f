import EventLoop
import JSON
import Platform

/// Calls AWS: signs, sends, retries, follows pages, and gives canonical JSON.
///
/// Every failure is an ``AWSError``; an answer that is cut, of another format or lacks what must be there is one too,
/// never an empty result.
final class AWSClient: Sendable {
    let meter: AWSMeter
    let partitions: Partitions
    let shapes: ShapeStore
    let limits: AWSLimits
    /// For endpoints of the machine itself, by the same connections.
    let local: LocalHTTP
    private let sender: CallSender
    private let transport: CurlTransport?

    convenience init(configuration: AWSClientConfiguration) {
        let transport = CurlTransport(
            loop: configuration.loop, options: configuration.endpoints,
            connectionLimit: configuration.limits.inFlight)
        self.init(configuration: configuration, transport: transport, curl: transport)
    }

    /// With a transport of a test's own.
    init(configuration: AWSClientConfiguration, transport: any HTTPTransport, curl: CurlTransport? = nil) {
        meter = configuration.meter
        partitions = configuration.partitions
        shapes = configuration.shapes
        limits = configuration.limits
        local = LocalHTTP(transport: transport)
        sender = CallSender(configuration: configuration, transport: transport)
        self.transport = curl
    }

    /// Ends all calls, as cancelled, and all connections. To be awaited before the loop stops.
    func close() async { await transport?.close() }

    /// How far the clock of a service in a region is ahead of this machine's, as far as it has told by a refusal.
    func clockAhead(service: String, region: String) -> Duration {
        sender.clockAhead(service: service, region: region)
    }

    /// Makes one call; an operation that pages is read to its end and its lists are joined. Of such an operation, tokens
    /// and what says whether more follows are left out.
    ///
    /// - Parameters:
    ///   - service: botocore's name of the service (`s3control`, `elbv2`).
    ///   - region: Where to ask. Global services answer from their one region wherever they are asked.
    ///   - parameters: The operation's input, an object.
    ///   - account: The account that the calls count against, for the limits.
    ///   - collect: False: the first page alone, as it is.
    func call(
        service: String, operation: String, region: String, parameters: JSONValue = .object(JSONObject()),
        credentials: any CredentialsProvider, account: String, collect: Bool = true
    ) async throws(AWSError) -> AWSResponse {
        let call = try self.call(service, operation, region, parameters, credentials, account)
        guard collect, let paginator = call.operation.page else {
            let reply = try await sender.send(call, tree: nil)
            return AWSResponse(output: reply.rest, pages: 1, requestID: reply.head.requestID)
        }
        var pages: [CanonicalObject] = []
        var requestID: String?
        try await follow(call, paginator, tree: nil) { (reply: Reply, rest, _: Bool) throws(AWSError) in
            pages.append(rest)
            requestID = reply.head.requestID
            return 1
        }
        let count = pages.count
        var output = count == 1 ? pages[0] : Self.joined(pages, paginator)
        for path in paginator.outputs { output.remove(at: path) }
        if let more = paginator.more { output.remove(at: more) }
        return AWSResponse(output: output.bytes, pages: count, requestID: requestID)
    }

    /// The first page with the lists of all.
    private static func joined(_ pages: [CanonicalObject], _ paginator: ServiceModel.Paginator) -> CanonicalObject {
        var sum = JSONValue.object(JSONObject())
        for (number, page) in pages.enumerated() {
            let next = page.tree()
            if number == 0 { sum = next }
            for path in paginator.results where number > 0 {
                let more = path.first(in: next)?.array ?? []
                if path.first(in: sum) == nil, path.steps.count == 1, let name = path.head, var object = sum.object {
                    object[name] = .array(more)
                    sum = .object(object)
                } else {
                    path.update(&sum) { .array(($0.array ?? []) + more) }
                }
            }
        }
        return CanonicalObject(sum) ?? .empty
    }

    /// Reads a listing to its end, page by page. A page is handed over when it was read whole; the next one is asked
    /// for when `onPage` returned. Returns the number of items.
    ///
    /// Ends with an error, so that the listing is a gap, when a token comes twice or too many pages are empty.
    @discardableResult
    func listPages(
        service: String, operation: String, region: String, parameters: JSONValue = .object(JSONObject()),
        items: ItemsPlan, credentials: any CredentialsProvider, account: String,
        onPage: @Sendable (AWSPage) async throws(AWSError) -> Void
    ) async throws(AWSError) -> Int {
        if items.isSingle {
            let response = try await call(
                service: service, operation: operation, region: region, parameters: parameters,
                credentials: credentials, account: account)
            try await onPage(AWSPage(items: [response.output], rest: [], number: 0, hasNext: false))
            return 1
        }
        let call = try self.call(service, operation, region, parameters, credentials, account)
        guard let output = call.operation.output else { throw AWSError(.request("\(operation) has no output")) }
        let units = items.units
        let tree: ItemTree? =
            if let units { try ItemTree(paths: units, output: output, shapes: call.model.shapes) } else { nil }
        var count = 0
        var number = 0
        try await follow(call, call.operation.page, tree: tree) {
            (reply: Reply, _: CanonicalObject, hasNext: Bool) async throws(AWSError) in
            let found = Self.items(items, units, reply)
            count += found.count
            try await onPage(AWSPage(items: found, rest: reply.rest, number: number, hasNext: hasNext))
            number += 1
            return found.count
        }
        return count
    }

    // MARK: Parts

    private func call(
        _ service: String, _ operation: String, _ region: String, _ parameters: JSONValue,
        _ credentials: any CredentialsProvider, _ account: String
    ) throws(AWSError) -> CallSender.Call {
        let model: ServiceModel
        do { model = try shapes.model(service) } catch { throw AWSError(.request("\(error)")) }
        guard let known = model.operations[operation] else {
            throw AWSError(.request("\(service) has no operation \(operation) in its shapes"))
        }
        return CallSender.Call(
            model: model, operation: known, region: region, input: parameters, credentials: credentials,
            account: account)
    }

    private static func items(_ plan: ItemsPlan, _ units: [[FieldPath.Step]]?, _ reply: Reply) -> [[UInt8]] {
        if plan.carry.isEmpty { return reply.items }
        guard let units else { return plan.items(in: reply.rest, at: []) }
        var found: [[UInt8]] = []
        found.reserveCapacity(reply.items.count)
        for unit in reply.items {
            for walked in units { found += plan.items(in: unit, at: walked) }
        }
        return found
    }

    /// Asks for page after page. `onPage` gets a page's reply, what it holds beside items, and whether another follows;
    /// it returns how many items there were.
    private func follow(
        _ first: CallSender.Call, _ paginator: ServiceModel.Paginator?, tree: ItemTree?,
        _ onPage: (Reply, CanonicalObject, Bool) async throws(AWSError) -> Int
    ) async throws(AWSError) {
        var call = first
        var walk = PageWalk(paginator: paginator, limits: limits)
        while true {
            let reply = try await sender.send(call, tree: tree)
            guard let rest = CanonicalObject(canonical: reply.rest) else {
                throw AWSError(.malformed("the output is no object"))
            }
            let next = try walk.next(after: rest)
            let count = try await onPage(reply, rest, next != nil)
            guard let next else { return }
            try walk.counted(items: count)
            var input = first.input.object ?? JSONObject()
            for (name, value) in next { input[name] = value }
            call.input = .object(input)
        }
    }
}
