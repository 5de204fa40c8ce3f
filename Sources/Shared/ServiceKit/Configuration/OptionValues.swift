/// The values of a program's options, from flags, variables and defaults, in that order.
public struct OptionValues: Sendable, Equatable {
    private var values: [String: [String]] = [:]

    /// Reads flags (`--name value` or `--name=value`; a flag given several times keeps all its values) and variables.
    ///
    /// - Parameters:
    ///   - program: Named in the help.
    ///   - arguments: Without the program's own name.
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
                throw .usage("unknown argument '\(parts.first ?? "")'; --help lists all flags")
            }
            values[option.name, default: []].append(try Self.value(of: option, parts, &rest))
        }
        for option in options where values[option.name] == nil {
            if let value = environment[option.variable] {
                values[option.name] = [value]
            } else if let value = option.defaultValue {
                values[option.name] = [value]
            }
        }
    }

    private static func value(
        of option: ServiceOption, _ parts: [String], _ rest: inout ArraySlice<String>
    ) throws(ConfigurationError) -> String {
        switch option.kind {
        case .toggle:
            guard parts.count == 1 else { throw .usage("--\(option.name): takes no value") }
            return "true"
        case .value(let placeholder):
            if parts.count == 2 { return parts[1] }
            guard let value = rest.popFirst(), !value.hasPrefix("--") else {
                throw .usage("--\(option.name): needs a value (\(placeholder))")
            }
            return value
        }
    }

    /// The last value given; nil when there is none, or an empty one.
    public subscript(_ name: String) -> String? {
        values[name]?.last.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// All values given, in order.
    public func all(_ name: String) -> [String] {
        values[name]?.filter { !$0.isEmpty } ?? []
    }

    public func isSet(_ name: String) throws(ConfigurationError) -> Bool {
        switch self[name]?.lowercased() {
        case nil, "0", "false", "no": false
        case "1", "true", "yes": true
        case let other?: throw .usage("--\(name): true or false; got '\(other)'")
        }
    }

    /// The value as a file's path; a value is demanded.
    public func required(_ name: String) throws(ConfigurationError) -> String {
        guard let value = self[name] else { throw .usage("--\(name): is required") }
        return value
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
