import Platform

/// AWS's two shared files, joined as botocore joins them.
struct SharedConfiguration: Sendable {
    typealias Profile = [String: INIFile.Value]

    /// Of both files; a value of the credentials file comes before one of the config file.
    private(set) var profiles: [String: Profile] = [:]
    /// Of the credentials file alone, by section.
    private(set) var credentialsFile: [String: INIFile.Section] = [:]
    /// Of the config file alone.
    private(set) var configFile: [String: INIFile.Section] = [:]
    private(set) var ssoSessions: Set<String> = []
    /// `services NAME` of the config file: endpoints by service.
    private(set) var services: [String: INIFile.Section] = [:]

    init() {}

    init(config: INIFile, credentials: INIFile) {
        for section in config.sections { place(section) }
        for (name, section) in configFile { profiles[name] = Self.profile(section) }
        for section in credentials.sections {
            credentialsFile[section.name] = section
            profiles[section.name, default: [:]].merge(Self.profile(section)) { $1 }
        }
    }

    private static func profile(_ section: INIFile.Section) -> Profile {
        Profile(section.options.map { ($0.name, $0.value) }) { $1 }
    }

    private mutating func place(_ section: INIFile.Section) {
        func second() -> String? {
            guard let words = ShellWords.split(section.name), words.count == 2 else { return nil }
            return words[1]
        }
        if section.name.hasPrefix("profile") {
            if let name = second() { configFile[name] = section }
        } else if section.name.hasPrefix("sso-session") {
            if let name = second() { ssoSessions.insert(name) }
        } else if section.name.hasPrefix("services") {
            if let name = second() { services[name] = section }
        } else if section.name == "default" {
            configFile["default"] = section
        }
    }

    /// A profile's value, if it is a text.
    func text(_ profile: String, _ name: String) -> String? {
        guard case .text(let text)? = profiles[profile]?[name] else { return nil }
        return text
    }
}

/// The files hold secrets: they are not shown.
extension SharedConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "SharedConfiguration(\(profiles.count) profiles)" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: ["profiles": profiles.keys.sorted()]) }
}

extension INIFile {
    /// Reads a file of AWS's; one that does not exist is empty. botocore takes one that may not be read for empty too:
    /// here that is an error, since what would be found instead is not what was meant.
    static func load(_ path: String, environment: [String: String]) throws(AWSError) -> INIFile {
        guard let place = SharedPath.expand(path, environment), Files.exists(place), !Files.isDirectory(place) else {
            return INIFile(sections: [])
        }
        let bytes: [UInt8]
        do { bytes = try Files.read(place, limitBytes: 1 << 20) } catch { throw AWSError(.credentials("\(error)")) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw AWSError(.credentials("\(path) is not UTF-8"))
        }
        do throws(Mistake) { return try INIFile(parsing: text) } catch {
            throw AWSError(.credentials("\(path), line \(error.line): \(error.rule)"))
        }
    }

    private init(sections: [Section]) { self.sections = sections }
}

/// Paths as they stand in variables.
enum SharedPath {
    /// With `$NAME` and `${NAME}` filled in where they are set, and `~` as the home. Nil: there is no home.
    static func expand(_ path: String, _ environment: [String: String]) -> String? {
        let filled = fill(path[...], environment)
        guard filled == "~" || filled.hasPrefix("~/") else { return filled }
        guard let home = environment["HOME"], !home.isEmpty else { return nil }
        return home + filled.dropFirst()
    }

    private static func fill(_ path: Substring, _ environment: [String: String]) -> String {
        guard let dollar = path.firstIndex(of: "$") else { return String(path) }
        let after = path[path.index(after: dollar)...]
        let name: Substring
        var rest: Substring
        if after.first == "{", let close = after.firstIndex(of: "}") {
            name = after[after.index(after: after.startIndex)..<close]
            rest = after[after.index(after: close)...]
        } else {
            name = after.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            rest = after[name.endIndex...]
        }
        guard let value = environment[String(name)] else {
            return path[..<after.startIndex] + fill(after, environment)
        }
        return path[..<dollar] + value + fill(rest, environment)
    }
}
