import API
import Crypto
import JSON
import Platform
import RPC
import TestSupport
import Testing
import Wire

/// The three running services against clients that are not ours, over TLS and with reflection.
@Suite(.serialized) struct InteropTests {
    private static let services = [
        (
            name: "parapet.account.v1.AccountService", key: "account_service", list: "ListAccounts", get: "GetAccount",
            field: "accountId"
        ),
        (name: "parapet.sync.v1.SyncService", key: "sync_service", list: "ListSyncs", get: "GetSync", field: "syncId"),
        (
            name: "parapet.assessment.v1.AssessmentService", key: "assessment_service", list: "ListControls",
            get: "GetControl",
            field: "controlId"
        ),
    ]

    @Test func `grpcio and buf curl call all three services by reflection`() async throws {
        try await Laboratory.run { lab in
            let profile = try lab.profile()
            let tokenFile = lab.folder + "/token"
            try Files.writeAtomically(Array((profile["token"]?.string ?? "").utf8), to: tokenFile)
            for service in Self.services {
                let target = profile[service.key]?.string ?? ""
                let run = try await ChildProcess.run([
                    Emulator.python, Repository.root + "/Tests/Interop/Programs/grpcio_client.py", "--target", target,
                    "--ca",
                    profile["ca_file"]?.string ?? "", "--token-file", tokenFile, "--service", service.name, "--list",
                    service.list,
                    "--get", service.get, "--id-field", service.field,
                ])
                #expect(run.status.isSuccess, "\(service.name): \(String(decoding: run.error, as: UTF8.self))")
                let seen = (try? JSONValue(parsing: run.output)) ?? .null
                Self.check(seen, service.name)
                try await Self.bufCurl(lab, service.name, service.list, target, profile)
            }
        }
    }

    private static func check(_ seen: JSONValue, _ service: String) {
        #expect(seen["health"] == 1, "\(service)")
        let services = (seen["services"]?.array ?? []).compactMap(\.string)
        #expect(services.contains(service))
        #expect(services.contains("grpc.health.v1.Health"))
        #expect(seen["list"] != nil)
        #expect(seen["not_found"]?["code"] == "NOT_FOUND", "\(seen.text())")
        // The account service shows no letters that a name cannot have.
        let named = service.contains("Account") ? "n?o-existe ?" : "não-existe ✓"
        #expect(
            seen["not_found"]?["message"]?.string?.contains(named) == true,
            "the status message is percent-coded UTF-8: \(seen.text())")
        #expect(seen["bad_page_token"]?["code"] == "INVALID_ARGUMENT")
        #expect(seen["bad_page_token"]?["fields"] == ["page_token"])
        #expect(seen["no_token"]?["code"] == "UNAUTHENTICATED")
        #expect(seen["no_time"]?["code"] == "DEADLINE_EXCEEDED")
    }

    private static func bufCurl(
        _ lab: Laboratory, _ service: String, _ method: String, _ target: String, _ profile: JSONValue
    ) async throws {
        let header = lab.folder + "/header"
        try Files.writeAtomically(Array("Authorization: Bearer \(profile["token"]?.string ?? "")\n".utf8), to: header)
        let buf = Files.parent(of: Emulator.python) + "/buf"
        for protocolName in ["grpc-v1", "grpc-v1alpha"] {
            let run = try await ChildProcess.run([
                buf, "curl", "--protocol", "grpc", "--reflect", "--reflect-header", "*", "--reflect-protocol",
                protocolName, "--cacert",
                profile["ca_file"]?.string ?? "", "-H", "@" + header,
                "--data", "{\"pageSize\": 1}", "https://\(target)/\(service)/\(method)",
            ])
            #expect(
                run.status.isSuccess,
                "buf curl \(service) by \(protocolName): \(String(decoding: run.error, as: UTF8.self))")
            #expect((try? JSONValue(parsing: run.output)) != nil)
        }
    }

    @Test func `Parapet's client calls a grpcio server`() async throws {
        let folder = try Files.createTemporaryDirectory(prefix: "grpcio")
        defer { try? Files.removeTree(folder) }
        let authority = try Certificates.makeAuthority(commonName: "test", now: .now())
        let leaf = try Certificates.issue(
            LeafRequest(commonName: "server", ipAddresses: ["127.0.0.1"], usages: [.serverAuth]), by: authority,
            now: .now())
        for (name, bytes) in [
            ("ca", authority.certificatePEM), ("cert", leaf.certificatePEM), ("key", leaf.privateKeyPEM),
        ] {
            try Files.writeAtomically(bytes, to: "\(folder)/\(name).pem")
        }
        let server = try ChildProcess.start([
            Emulator.python, Repository.root + "/Tests/Interop/Programs/grpcio_server.py", "--descriptors",
            Repository.root + "/share/parapet/descriptors.pb", "--cert", folder + "/cert.pem", "--key",
            folder + "/key.pem", "--ca",
            folder + "/ca.pem", "--ready-file", folder + "/ready",
        ])
        do {
            try await eventually("the grpcio server is up") { Files.exists(folder + "/ready") }
            let port = try #require(UInt16(String(decoding: try Files.read(folder + "/ready"), as: UTF8.self)))
            try await Self.callServer(port, ca: folder + "/ca.pem")
        } catch {
            _ = await server.stop(grace: .seconds(2))
            throw error
        }
        _ = await server.stop(grace: .seconds(2))
    }

    private static func callServer(_ port: UInt16, ca: String) async throws {
        let rpc = RPCClient(
            ClientConfiguration(host: "127.0.0.1", port: port, tls: ClientTLS(caFile: ca), bearerToken: "token-value"))
        let client = AccountClient(rpc)
        let found = try await client.getAccount(.with { $0.accountId = "größe" }, timeout: .seconds(20))
        #expect(found.account?.name == "größe")
        #expect(found.account?.roleArn == "Bearer token-value")

        let refused = await #expect(throws: RPCError.self) {
            try await client.getAccount(.with { $0.accountId = "error:NOT_FOUND:nicht da: ü%" })
        }
        #expect(refused?.code == .notFound)
        #expect(refused?.message == "nicht da: ü%")

        let late = await #expect(throws: RPCError.self) {
            try await client.getAccount(.with { $0.accountId = "sleep" }, timeout: .milliseconds(300))
        }
        #expect(late?.code == .deadlineExceeded)

        var count = 0
        for try await message in client.testConnection(.with { $0.accountId = "2000" }) {
            #expect(message.progress.hasPrefix("\(count)x"))
            count += 1
        }
        #expect(count == 2000)
        let broken = await #expect(throws: RPCError.self) {
            for try await _ in client.testConnection(
                .with {
                    $0.accountId = "3"; $0.roleArn = "no"
                })
            {}
        }
        #expect(broken?.code == .failedPrecondition)
        let unknown = await #expect(throws: RPCError.self) { try await client.listAccounts(ListAccountsRequest()) }
        #expect(unknown?.code == .unimplemented)
        rpc.close()
    }
}
