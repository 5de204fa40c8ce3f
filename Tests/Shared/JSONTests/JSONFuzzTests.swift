import TestSupport
import Testing

@testable import JSON

struct JSONFuzzTests {
    private let seeds = [
        "{\"a\":[1,-2.5e3,true,null,\"x\\u00e9\\ud83d\\ude00\"],\"b\":{\"c\":\"d\"}}", "[[[[]]],{},\"\\\\\\\"\",0.1]",
        "\"a\"", "18446744073709551615", "[1e308,-1e-308]",
    ]

    @Test func `the fast parser and the locator of faults agree on damaged texts`() {
        var random = SeededGenerator(seed: 20_261_124)
        for round in 0..<40_000 {
            var bytes = Array(seeds[round % seeds.count].utf8)
            for _ in 0...Int.random(in: 0...2, using: &random) where !bytes.isEmpty {
                damage(&bytes, &random)
            }
            check(bytes)
        }
    }

    @Test func `the fast parser and the locator of faults agree on random bytes`() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<20_000 { check(random.bytes(Int.random(in: 0...40, using: &random))) }
    }

    @Test func `inputs of the corpus are parsed or located`() throws {
        for name in try Checkout.names("Tests/Corpus/json") { check(try Checkout.read("Tests/Corpus/json/\(name)")) }
    }

    private func damage(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        let position = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: position)
        case 2: bytes.insert("[]{},:\"\\0-.eEtfnu \n".utf8.randomElement(using: &random) ?? 0, at: position)
        default: bytes.removeLast(bytes.count - position)
        }
    }

    private func check(_ bytes: [UInt8]) {
        var locator = JSONFaultLocator(bytes, depthLimit: 20)
        let fault = locator.fault()
        do {
            let document = try JSONDocument(parsing: bytes, depthLimit: 20)
            #expect(fault == nil, "\(bytes)")
            guard let value = try? document.root.value() else { return }
            let canonical = value.bytes(canonical: true)
            #expect((try? JSONValue(parsing: canonical)) == value, "\(bytes)")
            #expect((try? JSONValue(parsing: canonical))?.bytes(canonical: true) == canonical, "\(bytes)")
        } catch {
            #expect(fault == error, "\(bytes)")
            #expect(0...bytes.count ~= error.offset)
        }
    }
}
