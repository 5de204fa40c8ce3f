import JSON

/// CSV text with a header line, as IAM's credential report is: fields may be quoted, quotes in them doubled.
enum CSVText {
    /// An object per row, each column a text; nil where a row has another number of fields than the header.
    static func rows(_ bytes: [UInt8]) -> [JSONValue]? {
        var lines = records(bytes)
        guard !lines.isEmpty else { return [] }
        let header = lines.removeFirst()
        var rows: [JSONValue] = []
        for line in lines {
            guard line.count == header.count else { return nil }
            rows.append(.object(JSONObject(zip(header, line).map { (name: $0, value: JSONValue.string($1)) })))
        }
        return rows
    }

    private static func records(_ bytes: [UInt8]) -> [[String]] {
        var records: [[String]] = []
        var fields: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var index = 0
        func endField() {
            fields.append(String(decoding: field, as: UTF8.self))
            field = []
        }
        func endRecord() {
            if fields.isEmpty && field.isEmpty { return }
            endField()
            records.append(fields)
            fields = []
        }
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\"") where isQuoted:
                if index < bytes.count, bytes[index] == byte {
                    field.append(byte)
                    index += 1
                } else {
                    isQuoted = false
                }
            case UInt8(ascii: "\"") where field.isEmpty: isQuoted = true
            case UInt8(ascii: ",") where !isQuoted: endField()
            case UInt8(ascii: "\n") where !isQuoted: endRecord()
            case UInt8(ascii: "\r") where !isQuoted: break
            default: field.append(byte)
            }
        }
        endRecord()
        return records
    }
}
