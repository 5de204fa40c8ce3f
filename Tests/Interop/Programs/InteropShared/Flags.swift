/// A command line that cannot be understood; the text names the flag.
public struct FlagError: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}

/// Flags as gRPC's interop programs take them: `--name=value`, `--name value`, and `--name`, `--name=true` or
/// `--name true` for a switch. One dash is as good as two.
public struct Flags {
    private var values: [String: String] = [:]

    /// - Parameters:
    ///   - names: Flags that take a value.
    ///   - switches: Flags that are true or false.
    public init(_ arguments: [String], names: Set<String>, switches: Set<String>) throws(FlagError) {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("-") else { throw FlagError("unexpected argument: \(word)") }
            let parts = word.drop { $0 == "-" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts.first.map(String.init) ?? ""
            guard names.contains(name) || switches.contains(name) else {
                throw FlagError("unknown flag: \(word)")
            }
            if parts.count == 2 {
                values[name] = String(parts[1])
            } else if names.contains(name) {
                guard let value = rest.popFirst() else { throw FlagError("--\(name) needs a value") }
                values[name] = value
            } else if let next = rest.first, ["true", "false"].contains(next) {
                values[name] = rest.popFirst()
            } else {
                values[name] = "true"
            }
        }
    }

    /// The value of a flag; nil when it was not given.
    public subscript(_ name: String) -> String? { values[name] }

    /// Whether a switch is on.
    public func isOn(_ name: String) throws(FlagError) -> Bool {
        switch values[name] {
        case nil, "false", "0": false
        case "true", "1": true
        case .some(let other): throw FlagError("--\(name) is true or false, not \(other)")
        }
    }

    /// A number; `fallback` when the flag was not given.
    public func number<Number: FixedWidthInteger>(_ name: String, or fallback: Number) throws(FlagError) -> Number {
        guard let text = values[name] else { return fallback }
        guard let number = Number(text) else { throw FlagError("--\(name): no number: \(text)") }
        return number
    }

    /// The value of a flag that has to be given.
    public func required(_ name: String) throws(FlagError) -> String {
        guard let value = values[name], !value.isEmpty else { throw FlagError("--\(name) is missing") }
        return value
    }
}
