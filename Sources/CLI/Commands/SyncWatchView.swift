import API

/// A sync as it goes, as lines of a terminal: what is done, how fast, and each region's services filling up.
struct SyncWatchView {
    /// Columns and rows of the terminal.
    var width: Int
    var height: Int
    /// Scopes that were done when the watching began: what they took is not known.
    private(set) var doneAtFirst: Int32?

    init(width: Int, height: Int) {
        self.width = max(40, width)
        self.height = max(8, height)
    }

    /// - Parameter elapsed: Since the watching began.
    mutating func lines(_ message: WatchSyncResponse, elapsed: Duration) -> [String] {
        let sync = message.sync ?? Sync()
        var lines = [headline(sync, elapsed), counts(sync, message)]
        let regions = Self.byRegion(message.services)
        if !regions.isEmpty {
            let room = height - 5
            // What is still read comes first where not all fits.
            let open = regions.filter { !$0.isDone }
            let shown = regions.count <= room ? regions : Array((open + regions.filter(\.isDone)).prefix(room - 1))
            lines += shown.map(row)
            if shown.count < regions.count {
                lines.append("and \(counted(regions.count - shown.count, "region")) more")
            }
            lines.append("a square a service: · to come  ▒ being read  █ read  ! with gaps")
        }
        return lines.map { String(Terminal.printable($0).prefix(width)) }
    }

    /// A line for a scope that ended, where there is no terminal.
    static func line(_ end: ScopeResult) -> String {
        let text = "\(end.region)  \(end.resourceType)  \(word(end.state))  \(counted(end.assets, "asset"))"
        return Terminal.printable(end.code.isEmpty ? text : text + "  \(end.code)")
    }

    private mutating func headline(_ sync: Sync, _ elapsed: Duration) -> String {
        guard sync.state == .running else { return sync.assessment == .running ? "assessing" : word(sync.state) }
        var text = "syncing  \(progressBar(sync.scopesDone, of: sync.scopesTotal))"
        text += " \(sync.scopesDone)/\(sync.scopesTotal) scopes"
        if sync.scopesWithGaps > 0 { text += ", \(sync.scopesWithGaps) with gaps" }
        if let left = left(sync, elapsed) { text += "  about \(left) left" }
        return text
    }

    private func counts(_ sync: Sync, _ message: WatchSyncResponse) -> String {
        "\(counted(sync.assetsSeen, "asset"))  \(counted(sync.apiCalls, "call"))  \(message.callsPerSecond)/s  "
            + "\(counted(sync.throttles, "throttle"))  \(sync.retries) repeated"
    }

    /// By the scopes that ended while this watched.
    private mutating func left(_ sync: Sync, _ elapsed: Duration) -> String? {
        guard sync.scopesTotal > 0 else { return nil }
        let first = doneAtFirst ?? sync.scopesDone
        doneAtFirst = first
        let done = sync.scopesDone - first
        guard done > 0, sync.scopesTotal > sync.scopesDone else { return nil }
        let seconds = (elapsed * Int(sync.scopesTotal - sync.scopesDone) / Int(done)).components.seconds + 1
        return seconds < 120 ? "\(seconds) s" : "\((seconds + 59) / 60) min"
    }

    private func row(_ region: Region) -> String {
        let name = region.name + String(repeating: " ", count: max(1, 16 - region.name.count))
        let squares = String(region.services.map(Self.square))
        let reading = region.services.filter { $0.scopesDone < $0.scopesTotal }.map(\.service)
        var text = "\(name)\(squares)  \(region.done)/\(region.total)"
        if !reading.isEmpty { text += "  \(reading.joined(separator: " "))" }
        return text.count > width ? text.prefix(width - 1) + "…" : text
    }

    private static func square(_ service: ServiceProgress) -> Character {
        if service.scopesWithGaps > 0 { return "!" }
        if service.scopesDone == service.scopesTotal { return "█" }
        return service.scopesDone == 0 ? "·" : "▒"
    }

    private struct Region {
        var name: String
        var services: [ServiceProgress] = []
        var total: Int32 { services.reduce(0) { $0 &+ $1.scopesTotal } }
        var done: Int32 { services.reduce(0) { $0 &+ $1.scopesDone } }
        var isDone: Bool { done >= total }
    }

    private static func byRegion(_ services: [ServiceProgress]) -> [Region] {
        var regions: [Region] = []
        for service in services {
            if regions.last?.name != service.region { regions.append(Region(name: service.region)) }
            regions[regions.count - 1].services.append(service)
        }
        return regions
    }
}
