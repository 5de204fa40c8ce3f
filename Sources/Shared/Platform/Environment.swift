import CLinux
import Glibc

/// The variables that the process was started with.
public enum Environment {
    /// A variable's value; an empty one is a value.
    public static func value(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    public static var all: [String: String] {
        var variables: [String: String] = [:]
        guard var entry = clinux_environ() else { return variables }
        while let text = entry.pointee {
            let line = String(cString: text)
            if let equals = line.firstIndex(of: "=") {
                variables[String(line[..<equals])] = String(line[line.index(after: equals)...])
            }
            entry += 1
        }
        return variables
    }
}
