import JSON
import Platform

/// Reads one scope as an entry of the catalogue says. `docs/adding-a-resource-type.md` has the meaning of its members.
struct CatalogueReader: ScopeReader {
    let type: ResourceType
    let scope: Scope
    let place: ReadingPlace
    let calls: any AWSCalling
    /// Outputs of calls that are made once a scope.
    let shared = SharedCalls()
    var sleep: Sleep = systemSleep

    var makesCalls: Bool { !type.enrich.isEmpty }

    /// Where the listing is asked for.
    var region: String {
        scope.region == Scope.global ? type.list.region ?? place.homeRegion : scope.region
    }

    var templates: TemplateScope { TemplateScope(place: place, region: region) }

    func list(
        parents: [JSONValue], onItems: @escaping @Sendable ([ListedItem]) async throws(ReadFailure) -> Void
    ) async throws(ReadFailure) {
        try await prepare()
        let owners: [JSONValue?] = type.list.parents.isEmpty ? [nil] : parents
        for owner in owners {
            if Task.isCancelled { throw .cancelled }
            for pass in type.list.passes {
                do throws(AWSError) {
                    try await read(pass, owner, onItems)
                } catch {
                    if try await !isAnswer(error, owner, onItems) { throw failure(error) }
                }
            }
        }
    }

    /// Whether an error of the listing is an answer: that there is nothing, or that the parent went away.
    private func isAnswer(
        _ error: AWSError, _ owner: JSONValue?,
        _ onItems: @escaping @Sendable ([ListedItem]) async throws(ReadFailure) -> Void
    ) async throws(ReadFailure) -> Bool {
        // Failures of what was done with the items come through the client as they are.
        if let inner = InnerFailure.current(error) { throw inner }
        if type.list.absent.contains(error.code) {
            if type.list.singleton { try await onItems([ListedItem(item: .empty, parent: owner)]) }
            return true
        }
        if owner != nil && type.list.gone.contains(error.code) { return true }
        if type.list.unavailable.contains(error.code) {
            throw ReadFailure(.regionDisabled, code: error.code, message: error.message, operation: operation)
        }
        return false
    }

    var operation: String { "\(type.list.service):\(type.list.operation)" }

    private func failure(_ error: AWSError) -> ReadFailure { ReadFailure(error, operation: operation) }

    // MARK: Reading pages

    private func read(
        _ pass: JSONObject, _ owner: JSONValue?,
        _ onItems: @escaping @Sendable ([ListedItem]) async throws(ReadFailure) -> Void
    ) async throws(AWSError) {
        var templates = templates
        templates.parent = owner
        var parameters = type.list.params.object ?? JSONObject()
        for (name, value) in pass { parameters[name] = value }
        guard case .value(let filled) = templates.fill(.object(parameters)) else {
            throw AWSError(.request("a parameter of \(operation) could not be filled in"))
        }
        let take: @Sendable ([CanonicalObject]) async throws(AWSError) -> Void = {
            [templates] items async throws(AWSError) in
            let kept = items.compactMap { item in listed(item, owner, templates) }
            do throws(ReadFailure) { try await onItems(kept) } catch { throw InnerFailure.wrap(error) }
        }
        if type.list.csv.isEmpty {
            try await calls.list(
                type.list.service, type.list.operation, region: region, filled, items: type.list.items
            ) { page async throws(AWSError) in
                // Where no calls follow that could be made side by side, few at once.
                let step = makesCalls ? max(1, page.items.count) : Self.itemsAtOnce
                for start in stride(from: 0, to: page.items.count, by: step) {
                    try await take(try Self.objects(page.items[start..<min(start + step, page.items.count)]))
                }
                if page.items.isEmpty { try await take([]) }
            }
        } else {
            let output = try await calls.call(type.list.service, type.list.operation, region: region, filled)
            try await take(try tableRows(of: output))
        }
    }

    private static let itemsAtOnce = 32

    private static func objects(_ items: ArraySlice<[UInt8]>) throws(AWSError) -> [CanonicalObject] {
        var objects: [CanonicalObject] = []
        objects.reserveCapacity(items.count)
        for bytes in items {
            guard let object = CanonicalObject(canonical: bytes) else {
                throw AWSError(.malformed("an item is no object"))
            }
            objects.append(object)
        }
        return objects
    }

    /// An item with what it takes over from its parent; nil where the entry leaves it out.
    private func listed(_ item: CanonicalObject, _ owner: JSONValue?, _ templates: TemplateScope) -> ListedItem? {
        var item = item
        for (name, template) in type.list.carryFromParent {
            if case .value(let value) = template.fill(templates.read) { item.set(name, value.bytes(canonical: true)) }
        }
        return templates.holds(type.list.conditions, of: item) ? ListedItem(item: item, parent: owner) : nil
    }

    /// The rows of a report that is CSV text in base64.
    private func tableRows(of output: JSONValue) throws(AWSError) -> [CanonicalObject] {
        var output = output
        for member in type.list.csv {
            guard let text = output[member]?.string, let bytes = Base64.bytes(text, .json),
                let rows = CSVText.rows(bytes), var object = output.object
            else { throw AWSError(.malformed("\(member) is no CSV text")) }
            object[member] = .array(rows)
            output = .object(object)
        }
        return type.list.items.paths.flatMap { path in
            path.values(in: output).compactMap { row in
                guard var object = row.object else { return nil }
                for (name, source) in type.list.items.carry { object[name] = source.first(in: output) }
                return CanonicalObject(object)
            }
        }
    }

    /// Makes the call that has to come first, until it answers as wanted; 60 seconds at most.
    private func prepare() async throws(ReadFailure) {
        guard let preparation = type.list.prepare else { return }
        let operation = "\(type.list.service):\(preparation.operation)"
        for attempt in 0..<30 {
            do throws(AWSError) {
                let output = try await calls.call(type.list.service, preparation.operation, region: region, [:])
                if preparation.until.allSatisfy({ output[$0.name] == $0.value }) { return }
            } catch { throw ReadFailure(error, operation: operation) }
            guard attempt < 29 else { break }
            do throws(CancellationError) { try await sleep(.seconds(2)) } catch { throw .cancelled }
        }
        throw ReadFailure(
            .other, code: "Parapet.Timeout", message: "the report was not ready within 60 seconds",
            operation: operation)
    }
}

/// A failure of what was done with a page's items, on its way through the client, which knows AWS's errors only.
enum InnerFailure {
    private static let mark = "Parapet.Inner."

    static func wrap(_ failure: ReadFailure) -> AWSError {
        if failure.kind == .cancelled { return AWSError(.cancelled) }
        return AWSError(.service(code: mark + failure.code, message: failure.message, httpStatus: 0))
    }

    static func current(_ error: AWSError) -> ReadFailure? {
        guard case .service(let code, let message, 0) = error.kind, code.hasPrefix(mark) else { return nil }
        return ReadFailure(.other, code: String(code.dropFirst(mark.count)), message: message)
    }
}
