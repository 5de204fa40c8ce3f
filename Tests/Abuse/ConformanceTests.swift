import Crypto
import JSON
import Platform
import TestSupport
import Testing

/// HTTP/2 and TLS as the RFCs have them, case by case, by clients that are not ours.
@Suite(.serialized) struct ConformanceTests {
    private static let programs = "\(Checkout.root)/Tests/Abuse/Programs"

    @Test func `every case of RFC 9113 and RFC 7541 is answered as it says, in clear text`() async throws {
        try await Target.run([]) { target in try await Self.conformance(["\(target.port)"]) }
    }

    @Test func `every case of RFC 9113 and RFC 7541 is answered as it says, over TLS`() async throws {
        let folder = try Identities.make()
        defer { try? Files.removeTree(folder) }
        let tls = ["--cert", "\(folder)/self.pem", "--key", "\(folder)/self-key.pem"]
        try await Target.run(tls) { target in
            try await Self.conformance(["\(target.port)", "\(folder)/ca.pem"])
        }
    }

    @Test func `versions, ciphers, ALPN, renegotiation and client certificates are held to the rules`() async throws {
        let folder = try Identities.make()
        defer { try? Files.removeTree(folder) }
        let tls = [
            "--cert", "\(folder)/self.pem", "--key", "\(folder)/self-key.pem", "--client-ca", "\(folder)/ca.pem",
        ]
        try await Target.run(tls) { target in
            let run = try await ChildProcess.run([
                Checkout.python, "\(Self.programs)/tls.py", "\(target.port)", folder,
            ])
            #expect(run.status.isSuccess, "\(String(decoding: run.output + run.error, as: UTF8.self))")
        }
    }

    private static func conformance(_ arguments: [String]) async throws {
        let run = try await ChildProcess.run(
            [Checkout.python, "\(programs)/conformance.py"] + arguments, timeout: .seconds(300))
        let lines = String(decoding: run.output, as: UTF8.self).split(separator: "\n")
        let failed = lines.filter { !$0.contains("\"error\": null") }.joined(separator: "\n")
        #expect(run.status.isSuccess, "\(failed)\n\(String(decoding: run.error, as: UTF8.self))")
        #expect(lines.count > 100)
    }
}
