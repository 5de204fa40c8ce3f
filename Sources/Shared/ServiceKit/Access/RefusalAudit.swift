public import Platform
import RPC
import Storage
import Synchronization

/// Writes refusals to the audit log. Refusals of callers that nobody knows are limited to 60 a minute, and the rest
/// counted, or a stranger could fill the disk.
public final class RefusalAudit: Sendable {
    private struct Window {
        var began = WallTime(unixSeconds: 0)
        var written = 0
        var skipped = 0
    }

    private static let limit = 60
    private let log: AuditLog
    private let clock: any WallClock
    private let logger: Logger
    private let window = Mutex(Window())

    public init(_ log: AuditLog, logger: Logger, clock: any WallClock = SystemWallClock()) {
        self.log = log
        self.logger = logger
        self.clock = clock
    }

    public func record(_ refusal: Refusal) async {
        var detail = "\(refusal.error) (from \(refusal.call.peer.address))"
        if refusal.caller.kind == .anonymous {
            guard let skipped = admit() else { return }
            if skipped > 0 { detail += "; \(skipped) more before it were not recorded" }
        }
        let event = AuditEvent(
            callerKind: refusal.caller.kindName, callerName: refusal.caller.name, action: refusal.call.method,
            outcome: .refused, detail: detail)
        do throws(StorageError) {
            try await log.append(event)
        } catch {
            logger.error("a refusal could not be audited", ["error": "\(error)", "action": "\(event.action)"])
        }
    }

    /// How many were skipped before this one; nil when it is to be skipped too.
    private func admit() -> Int? {
        let now = clock.now()
        return window.withLock { window in
            if now - window.began >= .seconds(60) || now < window.began {
                let skipped = window.skipped
                window = Window(began: now, written: 1, skipped: 0)
                return skipped
            }
            guard window.written < Self.limit else {
                window.skipped += 1
                return nil
            }
            window.written += 1
            return 0
        }
    }
}
