import JSON
import Platform
import Synchronization
import TestSupport
import Testing

@testable import SyncService

@Suite struct TransportTests {
    static let topics = FaultTests.topics

    @Test func `calls one after another use one connection`() async throws {
        let peers = Mutex<Set<String>>([])
        try await withStandIn { request, _ in
            peers.withLock { _ = $0.insert(request.connection) }
            return .reply(200, Self.topics)
        } _: { server, harness in
            for _ in 0..<20 { _ = try await harness.call("sns", "ListTopics") }
            #expect(server.requests.count == 20)
            #expect(peers.withLock { $0.count } == 1)
        }
    }

    @Test func `no more calls are in flight than the limits say`() async throws {
        var limits = AWSLimits()
        limits.inFlightPerService = 3
        let gauge = Mutex<(now: Int, most: Int)>((0, 0))
        try await withStandIn(limits: limits) { _, _ in
            gauge.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            var pause = 0
            while pause < 200_000 { pause += 1 }
            gauge.withLock { $0.now -= 1 }
            return .reply(200, Self.topics)
        } _: { server, harness in
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<30 { group.addTask { _ = try? await harness.call("sns", "ListTopics") } }
            }
            #expect(server.requests.count == 30)
            #expect(gauge.withLock { $0.most } <= 3)
        }
    }

    @Test func `many calls of several services at once all end`() async throws {
        try await withStandIn { request, _ in
            request.headers["x-amz-target"] == nil
                ? .reply(200, Self.topics) : .reply(200, "{\"Keys\":[]}", type: "json")
        } _: { server, harness in
            let ended = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<300 {
                    group.addTask {
                        let (service, operation) = number % 2 == 0 ? ("sns", "ListTopics") : ("kms", "ListKeys")
                        return (try? await harness.call(service, operation)) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(ended == 300)
        }
    }

    @Test(.enabled(if: Files.exists(Emulator.python), "needs PARAPET_PYTHON, or .venv from `make dependencies`"))
    func `a server is trusted by the bundle that AWS_CA_BUNDLE names and by no other`() async throws {
        let folder = try Files.createTemporaryDirectory(prefix: "parapet-tls")
        let script = """
            import http.server, ssl, subprocess, sys
            folder = sys.argv[1]
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", folder + "/key.pem", "-out", folder + "/cert.pem", "-days", "2", "-subj", "/CN=stand-in",
                "-addext", "subjectAltName=IP:127.0.0.1"], check=True, stderr=subprocess.DEVNULL)
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    self.rfile.read(int(self.headers["Content-Length"]))
                    body = open(folder + "/body.xml", "rb").read()
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                def log_message(self, *arguments): pass
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")
            server.socket = context.wrap_socket(server.socket, server_side=True)
            open(folder + "/port.new", "w").write(str(server.server_port))
            import os
            os.rename(folder + "/port.new", folder + "/port")
            server.serve_forever()
            """
        try Files.writeAtomically(Array(script.utf8), to: folder + "/server.py")
        try Files.writeAtomically(Array(Self.topics.utf8), to: folder + "/body.xml")
        let server = try ChildProcess.start([Emulator.python, folder + "/server.py", folder])
        let outcome: Result<Void, any Error>
        do {
            try await eventually("the server listens") { Files.exists(folder + "/port") }
            let endpoint = "https://127.0.0.1:\(String(decoding: try Files.read(folder + "/port"), as: UTF8.self))"
            let trusting = try ClientHarness(endpoint: endpoint, caBundle: folder + "/cert.pem")
            let found = try await trusting.list("sns", "ListTopics", "Topics[]")
            #expect(found.count == 1)
            await trusting.stop()
            let doubting = try ClientHarness(endpoint: endpoint)
            let error = await failure { () throws(AWSError) in _ = try await doubting.call("sns", "ListTopics") }
            #expect(error?.code == "Parapet.Connection")
            await doubting.stop()
            outcome = .success(())
        } catch { outcome = .failure(error) }
        _ = await server.stop(grace: .seconds(1))
        try Files.removeTree(folder)
        try outcome.get()
    }
}
