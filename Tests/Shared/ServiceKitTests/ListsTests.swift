import RPC
import ServiceKit
import Testing

/// The field and the rule, for a person and for programs.
private func violation(_ field: String, _ rule: String) -> RPCError {
    RPCError(
        .invalidArgument, "\(field): \(rule)",
        details: [.badRequest([FieldViolation(field: field, description: rule)])])
}

@Suite struct PageTokensTests {
    private let tokens = PageTokens(key: Array(repeating: 7, count: 32))

    @Test func `a token leads back to its position`() throws {
        let token = tokens.issue(list: "ListAssets", filter: ["a", ""], position: ["eu-west-1", "", "i-1"])
        #expect(try tokens.read(token, list: "ListAssets", filter: ["a", ""]) == ["eu-west-1", "", "i-1"])
        #expect(try tokens.read("", list: "ListAssets", filter: ["a", ""]) == nil)
    }

    @Test func `a token of another list, filter or key, or a changed one, is refused`() throws {
        let token = tokens.issue(list: "ListAssets", filter: ["a", "b"], position: ["x"])
        let expected = violation("page_token", "has to be the next_page_token of the same list with the same filter")
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
        #expect(throws: violation("name", "is required")) { try FieldRule.required("name", "") }
        #expect(throws: violation("name", "1 to 3 bytes, has 4; got 'abcd'")) {
            try FieldRule.length("name", "abcd", in: 1...3)
        }
        #expect(throws: violation("external_id", "2 to 3 bytes, has 4")) {
            try FieldRule.length("external_id", "abcd", in: 2...3, isSecret: true)
        }
        #expect(throws: violation("hours", "1 to 24; got '25'")) {
            try FieldRule.range("hours", 25, in: 1...24)
        }
        #expect(throws: violation("kind", "one of a, b; got 'c?'")) {
            try FieldRule.oneOf("kind", "c\n", ["a", "b"])
        }
        #expect(FieldRule.violated("x", "short", got: String(repeating: "y", count: 200)).message.count < 130)
    }

    @Test func `a page has a size within bounds`() throws {
        #expect(try FieldRule.pageSize(0) == 100)
        #expect(try FieldRule.pageSize(7) == 7)
        #expect(try FieldRule.pageSize(.max) == 1000)
        #expect(throws: violation("page_size", "0 or more; got '-1'")) { try FieldRule.pageSize(-1) }
    }
}

@Suite struct RefusalReasonTests {
    @Test func `a refusal carries its reason, what passes carries when`() {
        let refused = RPCError.refused("account a is disabled: enable it first", .accountDisabled)
        #expect(refused.code == .failedPrecondition)
        #expect(refused.details == [.errorInfo(ErrorInfo(reason: "ACCOUNT_DISABLED", domain: "parapet"))])
        #expect(refused.refusalReason == .accountDisabled)
        #expect(RPCError.passing(.unavailable, "busy").details == [.retryInfo(delay: .seconds(1))])
    }

    @Test func `another domain's reason is not ours`() {
        let info = ErrorInfo(reason: "ACCOUNT_DISABLED", domain: "example.com")
        #expect(RPCError(.failedPrecondition, "no", details: [.errorInfo(info)]).refusalReason == nil)
    }
}
