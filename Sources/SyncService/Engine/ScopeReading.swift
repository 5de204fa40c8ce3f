import JSON
import Storage

/// Reads one scope from AWS into the store.
struct ScopeReading: Sendable {
    let store: SyncStore
    let writes: RunWrites
    let account: Int64
    let scope: Scope
    let redactor: Redactor
    let chosen: RegionChoice
    let itemLimit: Int
    /// Items that are enriched at once. The client bounds the sum over all scopes.
    let window: Int

    /// Reads the scope and hands its assets on. A cancelled one is left open, for the run that resumes.
    ///
    /// - Parameter parents: Where the type has parents: types whose assets of this scope's region it is listed for.
    /// - Returns: How it ended; nil when it was cancelled.
    func read(
        by session: any AccountSession, parents: [String]
    ) async throws(StorageError) -> ScopeEnd? {
        let recorder = try await ScopeRecorder(store: store, account: account, scope: scope, writes: writes)
        var failure: ReadFailure?
        do throws(ReadFailure) {
            try await list(by: session, parents, into: recorder)
        } catch {
            failure = error
        }
        if Task.isCancelled || failure?.kind == .cancelled { return nil }
        try await recorder.flush()
        return await recorder.end(failure.map(masked))
    }

    /// The end of a scope that is not read, and why.
    func given(up failure: ReadFailure) -> ScopeEnd { ScopeEnd(scope: scope, failure: masked(failure)) }

    private func masked(_ failure: ReadFailure) -> ReadFailure {
        var failure = failure
        failure.message = redactor.mask(failure.message)
        failure.code = redactor.mask(failure.code)
        return failure
    }

    private func list(
        by session: any AccountSession, _ parents: [String], into recorder: ScopeRecorder
    ) async throws(ReadFailure) {
        let reader = try session.reader(of: scope)
        let parents = try await configurations(of: parents)
        try await reader.list(parents: parents) { items async throws(ReadFailure) in
            guard await recorder.count(items.count) <= itemLimit else {
                throw ReadFailure(
                    .other, code: "Parapet.TooManyItems",
                    message: "the listing has more than \(itemLimit) items; what came after them was not read")
            }
            if reader.makesCalls {
                try await enrich(items, by: reader, into: recorder)
            } else {
                for item in items { try await finish(item, by: reader, into: recorder) }
            }
        }
    }

    private func configurations(of types: [String]) async throws(ReadFailure) -> [JSONValue] {
        var values: [JSONValue] = []
        for type in types {
            do throws(StorageError) {
                let bodies = try await store.configurations(
                    account: account, Scope(region: scope.region, type: type))
                for body in bodies {
                    if let value = try? JSONValue(parsing: body) { values.append(value) }
                }
            } catch { throw Self.failure(error) }
        }
        return values
    }

    /// Finishes a page's items, so many at once; the first failure ends them.
    private func enrich(
        _ items: [ListedItem], by reader: any ScopeReader, into recorder: ScopeRecorder
    ) async throws(ReadFailure) {
        let failure = await withTaskGroup(of: ReadFailure?.self) { group in
            var failure: ReadFailure?
            for (index, item) in items.enumerated() {
                if index >= window, let ended = await group.next(), let ended { failure = failure ?? ended }
                guard failure == nil,
                    group.addTaskUnlessCancelled(operation: {
                        do throws(ReadFailure) {
                            try await finish(item, by: reader, into: recorder)
                            return nil
                        } catch { return error }
                    })
                else { break }
            }
            if failure != nil { group.cancelAll() }
            for await ended in group { failure = failure ?? ended }
            return failure
        }
        if let failure { throw failure }
        if Task.isCancelled { throw .cancelled }
    }

    private func finish(
        _ item: ListedItem, by reader: any ScopeReader, into recorder: ScopeRecorder
    ) async throws(ReadFailure) {
        switch try await reader.finish(item, chosen: chosen) {
        case .gone, .elsewhere: return
        case .unidentified(let failure): throw failure
        case .asset(let asset):
            guard asset.region == scope.region || asset.region == Scope.global || chosen.contains(asset.region) else {
                return
            }
            let prepared = PreparedAsset(asset, redactor: redactor)
            guard prepared.byteCount <= PreparedAsset.limitBytes else { throw Self.tooLarge(prepared) }
            do throws(StorageError) {
                try await recorder.take(prepared)
            } catch { throw Self.failure(error) }
        }
    }

    private static func tooLarge(_ asset: PreparedAsset) -> ReadFailure {
        ReadFailure(
            .other, code: "Parapet.TooLarge",
            message: "\(asset.id) has \(asset.byteCount) bytes, an asset may have \(PreparedAsset.limitBytes)")
    }

    private static func failure(_ error: StorageError) -> ReadFailure {
        ReadFailure(.other, code: "Parapet.Storage", message: "what was read could not be stored (\(error.kind))")
    }
}
