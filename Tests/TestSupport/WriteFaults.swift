import Glibc
import Platform

/// Counts what a service writes to its store, and makes one of these writes its last, or one that is refused.
/// See `Programs/write_faults.c`.
public final class WriteFaults: Sendable {
    public enum Fault: UInt64, Sendable {
        case none, kill, killHalfway, fullDisk
    }

    private let control: Int32
    private let path: String
    private let library: String

    public init(in folder: String) async throws {
        library = folder + "/write_faults.so"
        path = folder + "/writes"
        let source = Repository.root + "/Tests/TestSupport/Programs/write_faults.c"
        try await CProgram.compile([source], to: library, ["-shared", "-fPIC", "-ldl"])
        control = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard control >= 0 else { throw HarnessError("\(path): \(String(cString: strerror(errno)))") }
        set(.none, at: 0)
    }

    deinit { close(control) }

    /// What a service is started with.
    public func environment(store: String) -> [String: String] {
        ["LD_PRELOAD": library, "PARAPET_TEST_STORE": store, "PARAPET_TEST_WRITES": path]
    }

    /// Forgets what was counted, and sets the write that a fault begins at, from 1; 0: none.
    public func set(_ fault: Fault, at write: Int) {
        let words: [UInt64] = [0, UInt64(write), fault.rawValue, 0]
        _ = words.withUnsafeBytes { pwrite(control, $0.baseAddress, $0.count, 0) }
    }

    /// Ends a fault; counting goes on.
    public func heal() {
        var none: UInt64 = 0
        pwrite(control, &none, 8, 8)
    }

    public var writes: Int { word(0) }
    public var refused: Int { word(3) }

    private func word(_ index: Int) -> Int {
        var value: UInt64 = 0
        pread(control, &value, 8, off_t(index * 8))
        return Int(value)
    }
}
