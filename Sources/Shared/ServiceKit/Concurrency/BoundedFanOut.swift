/// Applies `operation` to all elements, at most `limit` at once, and keeps their order.
///
/// Failure belongs into `Outcome`: one element's failure must not hide the others' results.
///
/// - Throws: CancellationError when the task was cancelled; elements not begun by then never begin.
public func mapBounded<Element: Sendable, Outcome: Sendable>(
    _ elements: [Element], limit: Int, _ operation: @escaping @Sendable (Element) async -> Outcome
) async throws(CancellationError) -> [Outcome] {
    precondition(limit > 0)
    let outcomes = await withTaskGroup(of: (Int, Outcome).self) { group in
        var outcomes: [Int: Outcome] = [:]
        for (index, element) in elements.enumerated() {
            if index >= limit, let (done, outcome) = await group.next() { outcomes[done] = outcome }
            guard group.addTaskUnlessCancelled(operation: { (index, await operation(element)) }) else { break }
        }
        for await (done, outcome) in group { outcomes[done] = outcome }
        return outcomes
    }
    guard !Task.isCancelled else { throw CancellationError() }
    return elements.indices.compactMap { outcomes[$0] }
}
