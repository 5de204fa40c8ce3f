import JSON
import Platform
import Testing

@testable import SyncService

@Suite struct CatalogueTests {
    @Test func `every entry of the catalogue fits the shapes`() throws {
        let catalogue = try Catalogue.load(share: Fixtures.share)
        let files = try Files.list(Fixtures.share + "/catalogue").filter { $0.hasSuffix(".json") }
        #expect(catalogue.types.count == files.count)
        #expect(catalogue.types.count > 0)
    }
}
