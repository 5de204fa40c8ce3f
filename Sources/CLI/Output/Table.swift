import JSON

/// How a command prints.
enum OutputFormat: String, Sendable, CaseIterable {
    case table, json, jsonl, csv
}

/// Rows of named values, printed as a table for people and as JSON or CSV for programs.
struct Table: Sendable {
    /// A column: its key in JSON, and its heading in the table, or `nil` when only programs see it.
    struct Column: Sendable {
        let key: String
        var heading: String?
        /// Whether the table may shorten it where the terminal is narrow.
        var shrinks = false
    }

    let columns: [Column]
    private(set) var rows: [[JSONValue]] = []

    init(_ columns: [Column]) { self.columns = columns }

    mutating func append(_ row: [JSONValue]) { rows.append(row) }

    /// The text of the whole table in a format.
    ///
    /// - Parameter width: Columns of the terminal; `nil`: do not shorten.
    func text(_ format: OutputFormat, width: Int?) -> String {
        switch format {
        case .table: return tableText(width: width)
        case .json:
            let array = JSONValue.array(rows.map(object))
            return array.text(pretty: true) + "\n"
        case .jsonl: return rows.map { object($0).text() + "\n" }.joined()
        case .csv: return csvText()
        }
    }

    private func object(_ row: [JSONValue]) -> JSONValue {
        .object(JSONObject(zip(columns, row).map { ($0.key, $1) }))
    }

    private func csvText() -> String {
        let header = columns.map(\.key).joined(separator: ",") + "\n"
        return header
            + rows.map { row in row.map { Self.csvField(Self.cell($0)) }.joined(separator: ",") + "\n" }.joined()
    }

    /// A field as RFC 4180 writes it. A leading `=`, `+`, `-` or `@` is kept from spreadsheets by an apostrophe.
    static func csvField(_ text: String) -> String {
        var text = text
        if let first = text.first, "=+-@".contains(first) { text = "'" + text }
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" || $0 == "\r\n" }) else {
            return text
        }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    private func tableText(width: Int?) -> String {
        let shown = columns.indices.filter { columns[$0].heading != nil }
        var widths = shown.map { column in
            ([columns[column].heading ?? ""] + rows.map { Self.cell($0[column]) }).map(\.count).max() ?? 0
        }
        shrink(&widths, of: shown, to: width)
        let lines = [shown.map { columns[$0].heading ?? "" }] + rows.map { row in shown.map { Self.cell(row[$0]) } }
        return lines.map { line in
            let cells = zip(line, widths).enumerated().map { index, pair in
                let text = Self.shorten(pair.0, to: pair.1)
                return index == line.count - 1
                    ? text : text + String(repeating: " ", count: max(0, pair.1 - text.count))
            }
            return cells.joined(separator: "  ") + "\n"
        }.joined()
    }

    private func shrink(_ widths: inout [Int], of shown: [Int], to width: Int?) {
        guard let width else { return }
        var excess = widths.reduce(0, +) + 2 * (widths.count - 1) - width
        let flexible = shown.indices.filter { columns[shown[$0]].shrinks }
        for index in flexible.sorted(by: { widths[$0] > widths[$1] }) where excess > 0 {
            let cut = min(excess, max(0, widths[index] - 24))
            widths[index] -= cut
            excess -= cut
        }
    }

    private static func shorten(_ text: String, to width: Int) -> String {
        guard text.count > width, width > 1 else { return text }
        return text.prefix(width - 1) + "…"
    }

    /// A value as a table's cell: no quotes, no control characters (an attribute of a resource is text that
    /// anyone in the account may have chosen, and must not drive a terminal).
    static func cell(_ value: JSONValue) -> String {
        switch value {
        case .null: return ""
        case .string(let text): return Terminal.printable(text)
        case .bool(let flag): return flag ? "yes" : "no"
        default: return Terminal.printable(value.text())
        }
    }
}
