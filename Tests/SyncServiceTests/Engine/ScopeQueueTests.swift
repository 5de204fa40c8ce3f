import Testing

@testable import SyncService

@Suite struct ScopeQueueTests {
    private static let scopes = ["a", "b", "c"].flatMap { type in
        ["r1", "r2", "r3"].map { Scope(region: $0, type: type) }
    }

    @Test func `scopes begin in their order where no region is behind`() {
        var queue = ScopeQueue(Self.scopes)
        var begun: [Scope] = []
        while let scope = queue.next() {
            begun.append(scope)
            queue.ended(scope)
        }
        #expect(begun == Self.scopes)
    }

    @Test func `a region whose scopes do not end gets no more than its share of the places`() {
        var queue = ScopeQueue(Self.scopes)
        var hanging = 0
        var others = 0
        while let scope = queue.next() {
            if scope.region == "r1" {
                hanging += 1
                #expect(hanging == 1 || others == 6, "the others come first")
            } else {
                others += 1
                queue.ended(scope)
            }
        }
        #expect((hanging, others) == (3, 6))
        let running = queue.running
        #expect(running == 3)
    }
}
