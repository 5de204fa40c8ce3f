/// The arguments of a benchmark program: `--name value`, `--name=value`, and what has no name.
public struct Options {
    public private(set) var named: [String: String] = [:]
    public private(set) var positional: [String] = []

    /// - Throws: For a name that is not among `known`, or one without a value.
    public init(_ arguments: [String], known: Set<String>) throws(OptionError) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--") else {
                positional.append(argument)
                continue
            }
            let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard known.contains(name) else { throw OptionError("unknown option --\(name)") }
            guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
                throw OptionError("--\(name) needs a value")
            }
            named[name] = value
        }
    }

    /// A whole number in `range`.
    public func number(_ name: String, in range: ClosedRange<Int>, default fallback: Int) throws(OptionError) -> Int {
        guard let text = named[name] else { return fallback }
        guard let value = Int(text), range.contains(value) else {
            throw OptionError("--\(name): a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}

/// The arguments do not make sense; the text says why.
public struct OptionError: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
