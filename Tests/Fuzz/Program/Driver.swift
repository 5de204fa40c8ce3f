import FuzzTargets
import Synchronization

/// Hands libFuzzer's inputs to the chosen target.
enum Driver {
    private static let chosen = Mutex<FuzzTarget?>(nil)

    /// False where there is no such target.
    static func choose(_ name: String) -> Bool {
        let target = FuzzTarget.all.first { $0.name == name }
        chosen.withLock { $0 = target }
        return target != nil
    }

    static func run(_ input: [UInt8]) {
        guard let target = chosen.withLock({ $0 }) else { return }
        do { try target.run(input) } catch { fatalError("\(target.name): \(error)") }
    }
}
