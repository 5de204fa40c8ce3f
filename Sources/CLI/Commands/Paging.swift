import RPC

/// Reads all pages of a list, or the first `limit` items.
///
/// - Parameter page: Asks for a page by token and size; answers items and the next token.
func allPages<Item: Sendable>(
    limit: Int?, _ page: (_ token: String, _ size: Int32) async throws -> (items: [Item], next: String)
) async throws -> [Item] {
    var items: [Item] = []
    var token = ""
    repeat {
        let wanted = limit.map { $0 - items.count } ?? 500
        let answer = try await page(token, Int32(min(500, max(1, wanted))))
        items += answer.items
        token = answer.next
        if let limit, items.count >= limit { return Array(items.prefix(limit)) }
    } while !token.isEmpty
    return items
}

/// The option that bounds a list.
let limitOption = Option(name: "--limit", value: "N", help: "at most N rows; default all")

extension Invocation {
    /// The value of `--limit`.
    func limit() throws(CLIError) -> Int? { try integer("--limit", in: 1...1_000_000) }

    /// The enum case that a word of an option names; unspecified when the option is absent.
    func choice<Choice: RawRepresentable<Int32> & CaseIterable>(_ name: String, default fallback: Choice)
        throws(CLIError) -> Choice
    {
        guard let text = value(name) else { return fallback }
        guard let found = Choice.allCases.first(where: { word($0) == text }) else {
            let words = Choice.allCases.map { word($0) }.filter { !$0.isEmpty }
            throw .usage("\(name): one of \(words.joined(separator: ", ")); got `\(text)`", command: command)
        }
        return found
    }
}
