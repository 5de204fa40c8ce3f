import Synchronization

/// Texts that must not appear anywhere, and their replacement where they do.
final class Secrets: Sendable {
    static let mask = "[secret]"
    private let secrets = Mutex<[String]>([])

    func add(_ secret: String) {
        guard secret.utf8.count >= 4 else { return }
        secrets.withLock { secrets in
            guard !secrets.contains(secret) else { return }
            secrets.append(secret)
            // The longest first: one secret may hold another.
            secrets.sort { $0.utf8.count > $1.utf8.count }
        }
    }

    func masked(_ text: String) -> String {
        let secrets = secrets.withLock { $0 }
        return secrets.reduce(text) { text, secret in
            text.contains(secret)
                ? text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: Self.mask) : text
        }
    }

    func masked(_ value: LogValue) -> LogValue {
        if case .string(let text) = value { .string(masked(text)) } else { value }
    }
}
