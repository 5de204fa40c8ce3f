/// The values of a program's options, from flags, variables and defaults, in that order.
public struct OptionValues: Sendable, Equatable {
    private var values: [String: [String]] = [:]

    /// Everything that is wrong with the arguments and values, in the order of the flags, then of the options. A value
    /// that breaks its option's rule counts as not given.
    public private(set) var problems: [String] = []

    /// Reads flags (`--name value` or `--name=value`; a flag given several times keeps all its values) and variables.
    /// An empty variable counts as none.
    ///
    /// - Parameters:
    ///   - program: Named in the help.
    ///   - arguments: Without the program's own name.
    /// - Throws: `helpRequested`; mistakes are in ``problems``.
    public init(
        program: String, options: [ServiceOption], arguments: [String], environment: [String: String]
    ) throws(ConfigurationError) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--help" || argument == "-h" {
                throw .helpRequested(Self.help(program: program, options: options))
            }
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard argument.hasPrefix("--"), let option = options.first(where: { "--\($0.name)" == parts.first }) else {
                problems.append("unknown argument '\(parts.first ?? "")'; --help lists all flags")
                continue
            }
            if let value = value(of: option, parts, &rest) { values[option.name, default: []].append(value) }
        }
        for option in options where values[option.name] == nil {
            if let value = environment[option.variable], !value.isEmpty {
                values[option.name] = [value]
            } else if let value = option.defaultValue {
                values[option.name] = [value]
            }
        }
        for option in options { check(option) }
    }

    private mutating func value(
        of option: ServiceOption, _ parts: [String], _ rest: inout ArraySlice<String>
    ) -> String? {
        switch option.kind {
        case .toggle:
            if parts.count > 1 { problems.append("--\(option.name): takes no value") }
            return "true"
        case .value(let placeholder):
            if parts.count == 2 { return parts[1] }
            guard let value = rest.first, !value.hasPrefix("--") else {
                problems.append("--\(option.name): needs a value (\(placeholder))")
                return nil
            }
            rest.removeFirst()
            return value
        }
    }

    /// Takes out the values that break the option's rule, and says so.
    private mutating func check(_ option: ServiceOption) {
        let wrong: [String] = all(option.name).compactMap { value in
            let isNoToggle = option.kind == .toggle && Self.truth(of: value) == nil
            return isNoToggle ? "true or false; got '\(value)'" : option.rule.problem(of: value)
        }
        guard !wrong.isEmpty else { return }
        problems += wrong.map { "--\(option.name): \($0)" }
        values[option.name] = option.defaultValue.map { [$0] }
    }

    /// The last value given; nil when there is none, or an empty one.
    public subscript(_ name: String) -> String? {
        values[name]?.last.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// All values given, in order.
    public func all(_ name: String) -> [String] {
        values[name]?.filter { !$0.isEmpty } ?? []
    }

    /// Whether a toggle was given.
    public func isSet(_ name: String) -> Bool { self[name].flatMap(Self.truth) ?? false }

    private static func truth(of text: String) -> Bool? {
        switch text.lowercased() {
        case "0", "false", "no": false
        case "1", "true", "yes": true
        default: nil
        }
    }

    static func help(program: String, options: [ServiceOption]) -> String {
        var lines = ["usage: \(program) [flags]", ""]
        for option in options {
            var flag = "  --\(option.name)"
            if case .value(let placeholder) = option.kind { flag += " \(placeholder)" }
            lines.append(flag)
            lines.append("        \(option.help)")
            let fallback = option.defaultValue.map { "; default \($0)" } ?? ""
            lines.append("        variable \(option.variable)\(fallback)")
        }
        lines += ["", "A flag wins over its variable. Secrets have no flag: give the file that holds them."]
        return lines.joined(separator: "\n") + "\n"
    }
}
