import JSON
import Platform

/// Where the services are and how to prove who calls: what `parapet up` writes, and any installation can.
///
/// The file holds a bearer token, so it is 0600 and refused when others can read it.
struct Profile: Sendable, Equatable {
    /// `HOST:PORT` of each service.
    var accountService: String
    var syncService: String
    var assessmentService: String
    /// File with the certificates of the authority that signed the services' ones; in a file, a path from the
    /// profile's own folder may be given.
    var certificateAuthorityFile: String
    /// Bearer token. A secret.
    var token: String
    /// The data directory of the `parapet up` that wrote the profile; `nil` for one written by hand.
    var dataDirectory: String?

    /// The file that is used when nothing names another: `$XDG_CONFIG_HOME/parapet/profile.json`.
    static var defaultPath: String? {
        if let base = Environment.value("XDG_CONFIG_HOME"), base.hasPrefix("/") {
            return base + "/parapet/profile.json"
        }
        return Environment.value("HOME").map { $0 + "/.config/parapet/profile.json" }
    }

    /// The file that a command line, the environment or the default names.
    static func path(option: String?) throws(CLIError) -> String {
        if let path = option ?? Environment.value("PARAPET_PROFILE"), !path.isEmpty { return path }
        guard let path = defaultPath else {
            throw CLIError(code: .usage, message: "no profile: HOME is not set", hint: "name one with --profile FILE")
        }
        return path
    }

    static func load(_ path: String) throws(CLIError) -> Profile {
        guard Files.exists(path) else {
            throw CLIError(
                code: .unavailable, message: "no profile at \(path)",
                hint: "start Parapet with `parapet up`, or name a profile with --profile FILE or PARAPET_PROFILE")
        }
        let bytes: [UInt8]
        do {
            guard try Files.isPrivate(path) else {
                throw CLIError(
                    code: .forbidden, message: "profile \(path) holds a token and can be read by others",
                    hint: "chmod 600 \(path)")
            }
            bytes = try Files.read(path, limitBytes: 1 << 20)
        } catch let error as CLIError {
            throw error
        } catch {
            throw CLIError(code: .failed, message: "profile \(path): \(error)")
        }
        do {
            var profile = try Profile(parsing: bytes)
            if !profile.certificateAuthorityFile.hasPrefix("/") {
                profile.certificateAuthorityFile = Files.parent(of: path) + "/" + profile.certificateAuthorityFile
            }
            return profile
        } catch {
            throw CLIError(code: .usage, message: "profile \(path): \(error.message)", hint: error.hint)
        }
    }

    init(
        accountService: String, syncService: String, assessmentService: String, certificateAuthorityFile: String,
        token: String, dataDirectory: String?
    ) {
        self.accountService = accountService
        self.syncService = syncService
        self.assessmentService = assessmentService
        self.certificateAuthorityFile = certificateAuthorityFile
        self.token = token
        self.dataDirectory = dataDirectory
    }

    init(parsing bytes: [UInt8]) throws(CLIError) {
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch {
            throw CLIError(code: .usage, message: "not JSON: \(error)")
        }
        guard case .object(let object) = value else { throw CLIError(code: .usage, message: "not a JSON object") }
        func text(_ key: String) throws(CLIError) -> String {
            guard case .string(let text)? = object[key], !text.isEmpty else {
                throw CLIError(code: .usage, message: "`\(key)` is missing or is no text")
            }
            return text
        }
        accountService = try text("account_service")
        syncService = try text("sync_service")
        assessmentService = try text("assessment_service")
        certificateAuthorityFile = try text("ca_file")
        token = try text("token")
        if case .string(let directory)? = object["data_dir"] { dataDirectory = directory }
    }

    /// The file's content.
    func encoded() -> [UInt8] {
        var object = JSONObject([
            ("account_service", .string(accountService)), ("sync_service", .string(syncService)),
            ("assessment_service", .string(assessmentService)), ("ca_file", .string(certificateAuthorityFile)),
            ("token", .string(token)),
        ])
        if let dataDirectory { object["data_dir"] = .string(dataDirectory) }
        return Array((JSONValue.object(object).text(pretty: true) + "\n").utf8)
    }

    func write(to path: String) throws(FileError) {
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try Files.createDirectory(String(path[..<slash]), mode: 0o700, parents: true)
        }
        try Files.writeAtomically(encoded(), to: path, mode: 0o600)
    }
}
