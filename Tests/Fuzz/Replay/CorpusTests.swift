import FuzzTargets
import TestSupport
import Testing

/// Every input of the corpus, past crashes included, through its target.
struct CorpusTests {
    @Test(arguments: FuzzTarget.all.map(\.name))
    func `every input of the corpus is decoded or refused`(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let inputs = try Checkout.names("Tests/Corpus/\(name)")
        #expect(!inputs.isEmpty)
        for input in inputs {
            let bytes = try Checkout.read("Tests/Corpus/\(name)/\(input)")
            #expect(throws: Never.self, "\(input)") { try target.run(bytes) }
        }
    }
}
