/// What a control's text shows before SQLite sees it: constructs that are refused, and whether each of its rows
/// stands for one asset alone.
struct ControlShape {
    private let tokens: [SQLToken]

    init(_ sql: String) { tokens = SQLTokenizer.tokens(of: sql) }

    /// Why the text is refused, for a person; nil when it is not.
    func refusal(tables: Set<String>) -> String? {
        guard let first = tokens.first else { return "the control has no SQL" }
        if first.isWord("explain") { return "EXPLAIN is not allowed" }
        guard first.isWord("select") || first.isWord("with") else { return "the SQL must be one SELECT" }
        for (index, token) in tokens.enumerated() {
            let next = index + 1 < tokens.count ? tokens[index + 1] : nil
            if token.isWord("natural") { return "NATURAL is not allowed: write the join's condition with ON" }
            if token.isWord("using"), next?.isSymbol("(") == true {
                return "USING is not allowed: write the join's condition with ON"
            }
            if token.isName, ["main", "temp"].contains(token.text), next?.isSymbol(".") == true {
                return "\(token.text). is not allowed: tables are named without a schema"
            }
            if token.isName, tables.contains(token.text), isCommonTable(at: index) {
                return "a WITH may not define \(token.text): a table has that name"
            }
        }
        return nil
    }

    /// Whether the name at `index` is one that a WITH defines.
    private func isCommonTable(at index: Int) -> Bool {
        guard index > 0, index + 2 < tokens.count else { return false }
        let before = tokens[index - 1]
        guard before.isWord("with") || before.isWord("recursive") || before.isSymbol(",") else { return false }
        if tokens[index + 1].isSymbol("(") { return true }
        let after = tokens[index + 2]
        return tokens[index + 1].isWord("as")
            && (after.isSymbol("(") || after.isWord("not") || after.isWord("materialized"))
    }

    /// Whether each row that the control emits depends on one row of `table` alone, besides the other tables.
    ///
    /// A no only costs speed and precision. The caller has to see to it that `table` is opened once.
    ///
    /// - Parameter columns: The columns of `table`.
    func isRowWise(over table: String, columns: Set<String>) -> Bool {
        guard let alias = drivingAlias(table), answersFor(alias) else { return false }
        var levels: [Bool] = []
        for (index, token) in tokens.enumerated() {
            let next = index + 1 < tokens.count ? tokens[index + 1] : nil
            if token.isSymbol("(") {
                levels.append(next.map { $0.isWord("select") || $0.isWord("with") || $0.isWord("values") } ?? false)
            } else if token.isSymbol(")") {
                _ = levels.popLast()
            }
            let isOuter = !levels.contains(true)
            if isOuter, token.kind == .word, Self.combining.contains(token.text) { return false }
            guard token.isName, next?.isSymbol("(") == true, Self.aggregates.contains(token.text) else { continue }
            // SQL gives an aggregate whose arguments are all the outer query's to the outer query.
            if isOuter || mentions(alias, columns, in: arguments(after: index + 1)) { return false }
        }
        return true
    }

    /// The name by which the first FROM item of the outermost query is called, if that item is `table`.
    private func drivingAlias(_ table: String) -> String? {
        var depth = 0
        for (index, token) in tokens.enumerated() {
            if token.isSymbol("(") { depth += 1 }
            if token.isSymbol(")") { depth -= 1 }
            guard depth == 0, token.isWord("from") else { continue }
            guard index + 1 < tokens.count, tokens[index + 1].isName, tokens[index + 1].text == table else {
                return nil
            }
            var position = index + 2
            if position < tokens.count, tokens[position].isWord("as") { position += 1 }
            guard position < tokens.count, tokens[position].isName else { return table }
            let isKeyword = tokens[position].kind == .word && Self.afterTable.contains(tokens[position].text)
            return isKeyword ? table : tokens[position].text
        }
        return nil
    }

    /// Whether the first thing that the outermost query selects is the ARN of its first FROM item.
    private func answersFor(_ alias: String) -> Bool {
        var depth = 0
        for (index, token) in tokens.enumerated() {
            if token.isSymbol("(") { depth += 1 }
            if token.isSymbol(")") { depth -= 1 }
            guard depth == 0, token.isWord("select") else { continue }
            var rest = tokens[(index + 1)...]
            if rest.count > 2, rest[index + 1].isName, rest[index + 1].text == alias, rest[index + 2].isSymbol(".") {
                rest = rest.dropFirst(2)
            }
            guard let first = rest.first, first.isName, first.text == "arn", let next = rest.dropFirst().first else {
                return false
            }
            return next.isSymbol(",") || next.isWord("as")
        }
        return false
    }

    private func arguments(after open: Int) -> Range<Int> {
        var depth = 0
        for index in open..<tokens.count {
            if tokens[index].isSymbol("(") { depth += 1 }
            if tokens[index].isSymbol(")") { depth -= 1 }
            if depth == 0 { return open..<index }
        }
        return open..<tokens.count
    }

    private func mentions(_ alias: String, _ columns: Set<String>, in range: Range<Int>) -> Bool {
        range.contains { index in
            guard tokens[index].isName else { return false }
            if index > 0, tokens[index - 1].isSymbol(".") { return false }
            let isQualifier = index + 1 < tokens.count && tokens[index + 1].isSymbol(".")
            return isQualifier ? tokens[index].text == alias : columns.contains(tokens[index].text)
        }
    }

    private static let combining: Set = [
        "group", "having", "limit", "distinct", "union", "except", "intersect", "over", "window", "right", "full",
    ]
    private static let aggregates: Set = [
        "avg", "count", "group_concat", "max", "min", "sum", "total", "json_group_array", "json_group_object",
        "string_agg",
    ]
    private static let afterTable: Set = [
        "where", "join", "left", "inner", "cross", "on", "order", "indexed", "not", "group", "limit", "natural",
        "outer", "full", "right", "window", "having", "union", "except", "intersect",
    ]
}
