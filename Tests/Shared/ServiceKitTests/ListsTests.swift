import RPC
import ServiceKit
import Testing

@Suite struct PageTokensTests {
    private let tokens = PageTokens(key: Array(repeating: 7, count: 32))

    @Test func `a token leads back to its position`() throws {
        let token = tokens.issue(list: "ListAssets", filter: ["a", ""], position: ["eu-west-1", "", "i-1"])
        #expect(try tokens.read(token, list: "ListAssets", filter: ["a", ""]) == ["eu-west-1", "", "i-1"])
        #expect(try tokens.read("", list: "ListAssets", filter: ["a", ""]) == nil)
    }

    @Test func `a token of another list, filter or key, or a changed one, is refused`() throws {
        let token = tokens.issue(list: "ListAssets", filter: ["a", "b"], position: ["x"])
        let expected = RPCError(
            .invalidArgument, "page_token: has to be the next_page_token of the same list with the same filter")
        #expect(throws: expected) { try tokens.read(token, list: "ListSyncs", filter: ["a", "b"]) }
        #expect(throws: expected) { try tokens.read(token, list: "ListAssets", filter: ["ab", ""]) }
        #expect(throws: expected) { try tokens.read(token, list: "ListAssets", filter: ["a"]) }
        #expect(throws: expected) { try PageTokens().read(token, list: "ListAssets", filter: ["a", "b"]) }
        #expect(throws: expected) { try tokens.read(token + "AAAA", list: "ListAssets", filter: ["a", "b"]) }
        for text in ["x", "ä", "....", String(token.dropLast())] {
            #expect(throws: expected) { try tokens.read(text, list: "ListAssets", filter: ["a", "b"]) }
        }
    }
}

@Suite struct FieldRuleTests {
    @Test func `every rule speaks in one form`() {
        #expect(throws: RPCError(.invalidArgument, "name: is required")) { try FieldRule.required("name", "") }
        #expect(throws: RPCError(.invalidArgument, "name: 1 to 3 bytes, has 4; got 'abcd'")) {
            try FieldRule.length("name", "abcd", in: 1...3)
        }
        #expect(throws: RPCError(.invalidArgument, "external_id: 2 to 3 bytes, has 4")) {
            try FieldRule.length("external_id", "abcd", in: 2...3, isSecret: true)
        }
        #expect(throws: RPCError(.invalidArgument, "hours: 1 to 24; got '25'")) {
            try FieldRule.range("hours", 25, in: 1...24)
        }
        #expect(throws: RPCError(.invalidArgument, "kind: one of a, b; got 'c?'")) {
            try FieldRule.oneOf("kind", "c\n", ["a", "b"])
        }
        #expect(FieldRule.violated("x", "short", got: String(repeating: "y", count: 200)).message.count < 130)
    }

    @Test func `a page has a size within bounds`() throws {
        #expect(try FieldRule.pageSize(0) == 100)
        #expect(try FieldRule.pageSize(7) == 7)
        #expect(try FieldRule.pageSize(.max) == 1000)
        #expect(throws: RPCError(.invalidArgument, "page_size: 0 or more; got '-1'")) { try FieldRule.pageSize(-1) }
    }
}
