import Platform
import Synchronization

/// The benchmarks' emulator of AWS (`Benchmarks/Sync`): a fleet made of numbers, answered in microseconds.
public final class FastEmulator: Sendable {
    private let server: Mutex<ChildProcess>
    private let program: String
    private let log: LogFile
    public let port: UInt16

    public var endpoint: String { "http://127.0.0.1:\(port)" }

    /// Compiles it into a folder, and starts it.
    public static func start(in folder: String) async throws -> FastEmulator {
        let sources = ["emulator.c", "fleet.c"].map { "\(Repository.root)/Benchmarks/Sync/\($0)" }
        try await CProgram.compile(sources, to: folder + "/emulator", ["-Wno-deprecated-declarations"])
        let emulator = try FastEmulator(folder)
        try await emulator.answers()
        return emulator
    }

    private init(_ folder: String) throws {
        program = folder + "/emulator"
        log = try LogFile(folder + "/emulator.log")
        port = try LoopbackPort.free()
        server = Mutex(try Self.started(program, port, log))
    }

    private static func started(_ program: String, _ port: UInt16, _ log: LogFile) throws -> ChildProcess {
        try ChildProcess.start(
            [program, "\(port)"], output: .descriptor(log.descriptor), error: .descriptor(log.descriptor))
    }

    private func answers() async throws {
        try await eventually("the emulator is up", every: .milliseconds(5)) { LoopbackPort.accepts(port) }
    }

    /// Ends it; a new one takes its place, and port, by ``restart(_:)``.
    public func stop() async { await server.withLock { $0 }.stop(grace: .zero) }

    /// Starts it again after ``stop()``, with a fleet as in ``set(_:)``.
    public func restart(_ fleet: [String: Int]) async throws {
        let next = try Self.started(program, port, log)
        server.withLock { $0 = next }
        try await answers()
        try await set(fleet)
    }

    /// Changes the fleet, or how it is answered; the names are in `emulator.c`.
    public func set(_ values: [String: Int]) async throws {
        let query = values.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "&")
        let url = "\(endpoint)/_bench/set?\(query)"
        let asked = try await ChildProcess.run(
            [Emulator.python, "-c", "import sys, urllib.request; urllib.request.urlopen(sys.argv[1]).read()", url])
        guard asked.status.isSuccess else {
            throw HarnessError("the emulator refused: \(String(decoding: asked.error, as: UTF8.self))")
        }
    }
}

/// Programs of the tests that are written in C.
public enum CProgram {
    public static func compile(_ sources: [String], to path: String, _ options: [String] = []) async throws {
        let run = try await ChildProcess.run(["cc", "-O1"] + options + ["-o", path] + sources)
        guard run.status.isSuccess else {
            throw HarnessError("\(sources): \(String(decoding: run.error.suffix(2000), as: UTF8.self))")
        }
    }
}
