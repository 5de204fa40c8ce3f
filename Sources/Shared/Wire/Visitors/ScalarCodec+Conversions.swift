import JSON

/// Bytes of a length and so many bytes after it.
@inlinable @inline(__always)
func lengthSize(_ count: Int) -> Int { Varint.size(UInt64(truncatingIfNeeded: count)) + count }

/// The number of a JSON number or of a string that holds one.
private func number(_ json: JSONValue) -> JSONNumber? {
    switch json {
    case .number(let number): number
    case .string(let text):
        (try? JSONValue(parsing: text, depthLimit: 1))?.number.flatMap { $0.text == text ? $0 : nil }
    default: nil
    }
}

/// An integer of a JSON number or string; `1.0` and `1e2` are integers, `1.5` is not.
func integer<T: FixedWidthInteger>(_ json: JSONValue) -> T? {
    guard let number = number(json) else { return nil }
    return number.int64.flatMap { T(exactly: $0) } ?? number.uint64.flatMap { T(exactly: $0) }
}

/// A number, or the string that stands for what JSON has no number for. `text` is the shortest that reads back the
/// same.
func floating(_ value: Double, _ text: String) -> JSONValue {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
    return (try? JSONValue(parsing: text.hasSuffix(".0") ? String(text.dropLast(2)) : text)) ?? .double(value)
}

func floating(_ json: JSONValue) -> Double? {
    switch json {
    case "NaN": .nan
    case "Infinity": .infinity
    case "-Infinity": -.infinity
    default: number(json)?.double
    }
}

/// Nil where a finite number is beyond what a float can hold.
func float(_ json: JSONValue) -> Float? {
    guard let wide = floating(json) else { return nil }
    let value = Float(wide)
    return value.isInfinite && wide.isFinite ? nil : value
}
