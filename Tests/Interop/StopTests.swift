import API
import Crypto
import Glibc
import InteropShared
import Platform
import RPC
import TestSupport
import Testing
import Wire

/// SIGTERM with a call in flight: the call ends well, new ones are UNAVAILABLE, and the process ends with 0 in time.
extension InteropTests {
    @Test(.timeLimit(.minutes(3)), arguments: [true, false])
    func `interop-server ends its calls before itself, and itself though one does not end`(ends: Bool) async throws {
        var request = StreamingOutputCallRequest()
        request.responseParameters = [ResponseParameters()]
        try await Self.stop(["\(Repository.programs)/interop-server", "--port", "0"]) { said in
            let line = said.split(separator: "\n").first { $0.hasPrefix("serving on ") }
            return line?.split(separator: ":").last.flatMap { UInt16($0) }
        } inFlight: { client, stop in
            try await Self.stop(client, TestMethods.fullDuplexCall, request, ends: ends, stop)
        }
    }

    @Test func `a service ends its calls before itself`() async throws {
        let folder = try Files.createTemporaryDirectory(prefix: "stop")
        defer { try? Files.removeTree(folder) }
        let token = "a-token-of-this-test"
        let hash = Hex.encode(SHA256.digest(token))
        try Files.writeAtomically(Array("viewer \(hash) alice\n".utf8), to: folder + "/tokens")
        let command = [
            "\(Repository.programs)/assessment-service", "--listen", "127.0.0.1:0", "--data-dir", folder + "/data",
            "--plaintext", "--token-file", folder + "/tokens", "--ready-file", folder + "/ready",
            // Nobody is there, and nobody is asked.
            "--account-service", "127.0.0.1:1", "--sync-service", "127.0.0.1:1",
        ]
        var request = ServerReflectionRequest()
        request.messageRequest = .listServices("")
        try await Self.stop(command, token: token) { _ in
            let ready = (try? Files.read(folder + "/ready")).map { String(decoding: $0, as: UTF8.self) }
            return ready?.dropLast().split(separator: ":").last.flatMap { UInt16($0) }
        } inFlight: { client, stop in
            try await Self.stop(client, ReflectionMethods.serverReflectionInfo, request, stop)
        }
    }

    /// Starts a program, has `inFlight` make a call and stop the program in the middle of it, and waits for its end.
    ///
    /// - Parameter port: Finds the port in what the program has said; nil as long as it does not serve.
    private static func stop(
        _ command: [String], token: String? = nil, port: (String) -> UInt16?,
        inFlight: (RPCClient, () async throws -> Void) async throws -> Void
    ) async throws {
        let folder = try Files.createTemporaryDirectory(prefix: "stopped")
        defer { try? Files.removeTree(folder) }
        let log = try LogFile(folder + "/log")
        let program = try ChildProcess.start(
            command, output: .descriptor(log.descriptor), error: .descriptor(log.descriptor))
        do {
            var found: UInt16?
            try await eventually("\(command[0]) serves") {
                found = port(String(decoding: try Files.read(folder + "/log"), as: UTF8.self))
                return found != nil || program.status != nil
            }
            let said = String(decoding: try Files.read(folder + "/log"), as: UTF8.self)
            let address = ClientConfiguration(
                host: "127.0.0.1", port: try #require(found, "\(said)"), bearerToken: token, allowPlaintext: true)
            let client = RPCClient(address)
            try await inFlight(client) {
                program.signal(SIGTERM)
                try await Self.expectRefusal(client, RPCClient(address))
                #expect(program.status == nil, "it waits for the call")
            }
            #expect(await program.wait() == .exited(0))
            client.close()
        } catch {
            _ = await program.stop(grace: .zero)
            throw error
        }
    }

    /// New calls are refused soon, to a client that has a connection and to one that has none.
    private static func expectRefusal(_ connected: RPCClient, _ other: RPCClient) async throws {
        for client in [connected, other] {
            try await eventually("new calls are UNAVAILABLE") {
                do throws(RPCError) {
                    _ = try await client.unaryRaw("/no.Service/Method", [], timeout: .seconds(20))
                    return false
                } catch {
                    return error.code == .unavailable
                }
            }
        }
        other.close()
    }

    /// A call of which one answer has come when the program is stopped, and one comes after that.
    private static func stop<Request: Message, Response: Message>(
        _ client: RPCClient, _ method: Method<Request, Response>, _ request: Request, ends: Bool = true,
        _ stop: () async throws -> Void
    ) async throws {
        let call = try client.open(method, CallOptions(timeout: .seconds(60)))
        try await call.send(request)
        #expect(try await call.next() != nil)
        try await stop()
        guard ends else {
            let error = await #expect(throws: RPCError.self) { _ = try await call.next() }
            #expect(error?.code == .unavailable)
            return
        }
        try await call.send(request)
        call.finish()
        #expect(try await call.next() != nil)
        // OK is the end without an error.
        #expect(try await call.next() == nil)
    }
}
