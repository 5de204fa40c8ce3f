import Crypto
import Glibc
import Platform

/// What `--check-config` looks at beyond the values themselves: everything that a start would fail on, all at once,
/// without starting, locking or making anything.
struct StartChecks {
    let configuration: ServiceConfiguration
    let now: WallTime

    /// - Parameter own: The checks of one service; given the share directory where there is one.
    func problems(_ own: ServiceCheck) -> [String] {
        let (share, shareProblems) = share()
        return shareProblems + peers() + tls() + tokens() + directory() + own(configuration, share)
    }

    private func share() -> (ShareDirectory?, [String]) {
        do {
            let share = try ShareDirectory.find(explicit: configuration.shareDirectory)
            _ = try Contract(share)
            return (share, [])
        } catch {
            return (nil, ["\(error)"])
        }
    }

    private func peers() -> [String] {
        ServiceName.allCases.filter { $0 != configuration.service && configuration.peers[$0] == nil }
            .map { "--\($0.rawValue): is required" }
    }

    private func tls() -> [String] {
        guard let files = configuration.tls else { return [] }
        do throws(ConfigurationError) {
            _ = try TLSIdentity.check(files, service: configuration.service, now: now)
            return []
        } catch {
            return [error.description]
        }
    }

    private func tokens() -> [String] {
        guard let path = configuration.tokenFile else { return [] }
        do throws(ConfigurationError) {
            _ = try TokenFile(path: path)
            return []
        } catch {
            return ["--token-file: \(error)"]
        }
    }

    /// The directory itself, or the one that it would be made in.
    private func directory() -> [String] {
        var path = configuration.dataDirectory
        guard !path.isEmpty else { return [] }
        while !Files.exists(path), path != "/", path != "." { path = Files.parent(of: path) }
        guard Files.isDirectory(path) else { return ["--data-dir: \(path) is no directory"] }
        return access(path, W_OK | X_OK) == 0 ? [] : ["--data-dir: \(path) cannot be written"]
    }
}

/// The checks of one service on its own options: everything that is wrong, a line each.
public typealias ServiceCheck = @Sendable (ServiceConfiguration, ShareDirectory?) -> [String]
