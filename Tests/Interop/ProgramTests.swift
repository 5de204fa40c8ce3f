import API
import JSON
import Platform
import RPC
import TestSupport
import Testing
import Wire

/// The programs themselves: where they can be started, and what a call costs the kernel.
extension InteropTests {
    @Test(arguments: ["parapet", "account-service", "sync-service", "assessment-service"])
    func `a program runs from any directory`(program: String) async throws {
        let folder = try Files.createTemporaryDirectory(prefix: "elsewhere")
        defer { try? Files.removeTree(folder) }
        let run = try await ChildProcess.run([
            "/bin/sh", "-c", "cd \"$1\" && exec \"$2\" --help", "sh", folder, Repository.programs + "/" + program,
        ])
        #expect(run.status.isSuccess, "\(String(decoding: run.error, as: UTF8.self))")
        #expect(run.output.count > 200, "its help is short: \(String(decoding: run.output, as: UTF8.self))")
    }

    /// OpenSSL's handler frees what an event loop's connections still use: the heap of a process is then corrupt.
    @Test func `a program ends without the exit handlers of its libraries`() async throws {
        let folder = try Files.createTemporaryDirectory(prefix: "exit")
        defer { try? Files.removeTree(folder) }
        let code = """
            #include <stdlib.h>
            #include <unistd.h>
            static void handler(void) { if (write(1, "handler ran", 11)) {} }
            __attribute__((constructor)) static void enter(void) { atexit(handler); }
            """
        try Files.writeAtomically(Array(code.utf8), to: folder + "/handler.c")
        let library = folder + "/handler.so"
        let compiled = try await ChildProcess.run(["cc", "-shared", "-fPIC", "-o", library, folder + "/handler.c"])
        #expect(compiled.status.isSuccess, "\(String(decoding: compiled.error, as: UTF8.self))")
        var variables = Environment.all
        variables["LD_PRELOAD"] = library
        variables["PARAPET_PROFILE"] = folder + "/none"
        func output(_ command: [String]) async throws -> String {
            String(decoding: try await ChildProcess.run(command, environment: variables).output, as: UTF8.self)
        }
        #expect(try await output(["/bin/true"]) == "handler ran", "the handler cannot be seen")
        let commands = ["parapet version", "account-service --help", "interop-server --help", "interop-client --help"]
        for command in commands {
            let words = command.split(separator: " ").map(String.init)
            let text = try await output([Repository.programs + "/" + words[0]] + words.dropFirst())
            #expect(text.count > 10 && !text.contains("handler ran"), "\(command): \(text.suffix(100))")
        }
    }

    @Test func `an installation finds its data where its programs are, and serves from another directory`() async throws
    {
        let folder = try Files.createTemporaryDirectory(prefix: "installed")
        defer { try? Files.removeTree(folder) }
        // As it is installed: bin/ and share/parapet/, with no checkout around.
        let install = """
            set -e
            mkdir -p "$1/prefix/bin" "$1/prefix/share" "$1/home"
            for program in parapet account-service sync-service assessment-service; do cp "$2/$program" "$1/prefix/bin/"; done
            cp -r "$3/share/parapet" "$1/prefix/share/parapet"
            """
        let installed = try await ChildProcess.run([
            "/bin/sh", "-c", install, "sh", folder, Repository.programs, Repository.root,
        ])
        #expect(installed.status.isSuccess, "\(String(decoding: installed.error, as: UTF8.self))")
        var variables = Environment.all
        variables["HOME"] = folder + "/home"
        variables["PARAPET_PROFILE"] = folder + "/profile.json"
        let up = try ChildProcess.start(
            [
                "/bin/sh", "-c", "cd / && exec \"$1\" up --data-dir \"$2/data\" --ready-file \"$2/ready\"", "sh",
                folder + "/prefix/bin/parapet", folder,
            ], environment: variables, output: .null, error: .null)
        do {
            try await eventually("the installation is ready") {
                guard up.status == nil else { throw HarnessError("parapet up ended: \(String(describing: up.status))") }
                return Files.exists(folder + "/ready")
            }
            let list = try await ChildProcess.run(
                [folder + "/prefix/bin/parapet", "control", "list", "-o", "jsonl"], environment: variables)
            #expect(list.status.isSuccess, "\(String(decoding: list.error, as: UTF8.self))")
            #expect(list.output.split(separator: UInt8(ascii: "\n")).count >= 24)
        } catch {
            _ = await up.stop(grace: .seconds(20))
            throw error
        }
        #expect(await up.stop(grace: .seconds(20)) == .exited(0), "it stops cleanly on SIGTERM")
    }

    @Test func `the services end with the program that started them, even when it is killed`() async throws {
        try await Laboratory.run { lab in
            let services = ["account-service", "sync-service", "assessment-service"]
            for service in services { #expect(try lab.processes(of: service).count == 1) }
            lab.killUp()
            try await eventually("no service is left") {
                try services.allSatisfy { try lab.processes(of: $0).isEmpty }
            }
        }
    }

    @Test func `a call on a warm connection costs the loop's thread a wait, reads and writes, and no futex`()
        async throws
    {
        try await Laboratory.run { lab in
            let profile = try lab.profile()
            let port = try #require(
                (profile["account_service"]?.string ?? "").split(separator: ":").last.flatMap { UInt16($0) })
            let client = RPCClient(
                ClientConfiguration(
                    host: "127.0.0.1", port: port,
                    tls: ClientTLS(
                        caFile: profile["ca_file"]?.string ?? "", expectedServerURI: "spiffe://parapet/account-service")
                ))
            let path = "/grpc.health.v1.Health/Check"
            for _ in 0..<20 { _ = try await client.unaryRaw(path, [], timeout: .seconds(20)) }
            let service = try #require(try lab.processes(of: "account-service").first)
            let trace = lab.folder + "/trace"
            let strace = try ChildProcess.start(
                ["strace", "-f", "-o", trace, "-p", "\(service)"], output: .null, error: .null)
            try await eventually("strace is attached") {
                let status = String(decoding: (try? Files.read("/proc/\(service)/status")) ?? [], as: UTF8.self)
                return status.split(separator: "\n").contains { $0.hasPrefix("TracerPid:") && !$0.hasSuffix("\t0") }
            }
            let calls = 50
            for _ in 0..<calls { _ = try await client.unaryRaw(path, [], timeout: .seconds(20)) }
            _ = await strace.stop(grace: .seconds(5))
            client.close()
            try Self.checkTrace(try Files.read(trace), calls: calls)
        }
    }

    /// The loop's thread is the one that reads and writes the most.
    private static func checkTrace(_ trace: [UInt8], calls: Int) throws {
        var byThread: [String: [String]] = [:]
        for line in String(decoding: trace, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            guard words.count > 1, let paren = words[1].firstIndex(of: "(") else { continue }
            byThread[String(words[0]), default: []].append(String(words[1][..<paren]))
        }
        let reads: Set = ["read", "recvfrom", "recvmsg"], writes: Set = ["write", "sendto", "sendmsg"]
        let loop = try #require(
            byThread.max { a, b in a.value.count { writes.contains($0) } < b.value.count { writes.contains($0) } })
        let counts = Dictionary(loop.value.map { ($0, 1) }, uniquingKeysWith: +)
        let wrote = loop.value.count { writes.contains($0) }
        #expect(wrote >= calls && wrote <= calls + 2, "one write a call: \(counts)")
        #expect(loop.value.count { reads.contains($0) } <= 2 * calls + 2, "\(counts)")
        #expect(loop.value.count { $0.hasPrefix("epoll_") } <= 2 * calls + 4, "\(counts)")
        #expect(counts["futex"] == nil, "\(counts)")
        let others = counts.keys.filter { !reads.contains($0) && !writes.contains($0) && !$0.hasPrefix("epoll_") }
        #expect(others.allSatisfy { (counts[$0] ?? 0) < calls / 5 }, "a system call for each call: \(counts)")
    }
}
