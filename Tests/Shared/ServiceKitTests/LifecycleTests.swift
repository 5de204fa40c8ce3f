import Crypto
import Glibc
import Platform
import ServiceKit
import Testing

@Suite struct DataDirectoryTests {
    @Test func `a directory is made private and held by one at a time`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/data/sync"
            let first = try DataDirectory(locking: path)
            #expect(try Files.mode(of: path) == 0o700)
            #expect(throws: ConfigurationError.unusable("--data-dir: \(path) is in use by another process")) {
                _ = try DataDirectory(locking: path)
            }
            first.unlock()
            try DataDirectory(locking: path).unlock()
        }
    }

    @Test func `others' access to an existing directory is taken away`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/data"
            try Files.createDirectory(path, mode: 0o755)
            chmod(path, 0o755)
            try DataDirectory(locking: path).unlock()
            #expect(try Files.isPrivate(path))
        }
    }

    @Test func `a file in its place is an error that names it`() async throws {
        try await withTemporaryDirectory { directory in
            try Files.writeAtomically([], to: directory + "/data")
            let error = #expect(throws: ConfigurationError.self) {
                try DataDirectory(locking: directory + "/data").unlock()
            }
            #expect(error?.description.contains(directory + "/data") == true)
        }
    }
}

@Suite struct TLSIdentityTests {
    private func check(_ files: ServiceConfiguration.TLSFiles, after: Duration = .zero) throws -> WallTime {
        try TLSIdentity.check(files, service: .sync, now: .now() + after)
    }

    @Test func `a service's own files are accepted`() async throws {
        try await withTemporaryDirectory { directory in
            let expires = try check(try TestIdentities(in: directory).files(.sync))
            #expect(expires - .now() > .seconds(89 * 86_400))
        }
    }

    @Test func `what is unsafe or would fail later is refused at start, by name`() async throws {
        try await withTemporaryDirectory { directory in
            let identities = try TestIdentities(in: directory)
            let own = try identities.files(.sync)
            let other = try identities.files(.account)
            func refused(_ files: ServiceConfiguration.TLSFiles, _ part: String, after: Duration = .zero) {
                let error = #expect(throws: ConfigurationError.self) { try check(files, after: after) }
                #expect(error?.description.contains(part) == true, "\(String(describing: error))")
            }
            refused(other, "does not name spiffe://parapet/sync-service")
            refused(.init(certificate: own.certificate, key: other.key, authority: own.authority), "is not the key of")
            refused(.init(certificate: own.certificate, key: own.key, authority: own.certificate), "an authority")
            refused(.init(certificate: own.certificate, key: own.key, authority: "/nonexistent"), "/nonexistent")
            refused(.init(certificate: own.key, key: own.key, authority: own.authority), "no PEM of a certificate")
            refused(own, "expired", after: .seconds(91 * 86_400))
            chmod(own.key, 0o640)
            refused(own, "can be read by others")
        }
    }
}

@Suite struct ShareDirectoryTests {
    @Test func `it is beside an installed executable, or the one named, or the checkout's`() async throws {
        try await withTemporaryDirectory { directory in
            let directory = try Files.realPath(directory)
            try Files.createDirectory(directory + "/usr/bin")
            try Files.writeAtomically([], to: directory + "/usr/bin/sync-service")
            let program = directory + "/usr/bin/sync-service"
            #expect(throws: ConfigurationError.self) { try ShareDirectory.find(explicit: nil, executable: program) }
            try Files.createDirectory(directory + "/share/parapet/controls")
            #expect(throws: ConfigurationError.self) { try ShareDirectory.find(explicit: nil, executable: program) }
            try Files.writeAtomically([], to: directory + "/Package.swift")
            #expect(
                try ShareDirectory.find(explicit: nil, executable: program).path == directory + "/share/parapet")
            try Files.createDirectory(directory + "/usr/share/parapet")
            #expect(
                try ShareDirectory.find(explicit: nil, executable: program).path == directory + "/usr/share/parapet")
            #expect(symlink(program, directory + "/link") == 0)
            #expect(
                try ShareDirectory.find(explicit: nil, executable: directory + "/link").path
                    == directory + "/usr/share/parapet")
            #expect(try ShareDirectory.find(explicit: directory, executable: program).path == directory)
            #expect(throws: ConfigurationError.self) {
                try ShareDirectory.find(explicit: directory + "/none", executable: program)
            }
        }
    }
}
