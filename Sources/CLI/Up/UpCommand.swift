import Glibc
import Platform
import RPC

/// `parapet up`: the three services as child processes on loopback.
enum UpCommand {
    static let command = Command(
        path: ["up"], summary: "Run Parapet on this machine, in the foreground, until interrupted",
        details: """
            Starts the three services on loopback with certificates of their own and SQLite files in a data directory, and
            writes the profile that every other command uses. AWS credentials come from where the AWS CLI finds them
            (docs/aws-access.md). Interrupt it (Ctrl-C) or send SIGTERM to stop it.
            """,
        options: [
            Option(name: "--data-dir", value: "DIR", help: "where everything is kept; default ~/.local/share/parapet"),
            Option(
                name: "--share", value: "DIR", help: "catalogue and controls, where they are not beside the program"),
            Option(
                name: "--principal-arn", value: "ARN",
                help: "the identity that roles shall trust, where AWS does not tell it"),
            Option(name: "--ready-file", value: "FILE", help: "written once everything serves"),
        ],
        examples: ["parapet up", "parapet up --data-dir /srv/parapet --profile ./profile.json"], run: run)

    private static func run(_ call: Invocation) async throws -> ExitCode {
        let signals = Signals.stream(of: [.interrupt, .terminate])
        let installation = try installation(call)
        let profilePath = try Profile.path(option: call.context.profileOption)
        let previous = try mayReplace(profilePath, by: installation)
        try installation.prepare(now: .now())
        let token = try installation.administratorToken(keeping: previous?.token)
        let ports = try FreePorts.pick(Installation.services.count)
        let supervisors = try supervisors(installation, ports, call)

        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for supervisor in supervisors {
                    group.addTask { try await supervisor.startAndWaitUntilReady(limit: .seconds(60)) }
                }
                try await group.waitForAll()
            }
        } catch {
            for supervisor in supervisors { await supervisor.stop(grace: .seconds(5)) }
            throw error
        }
        let profile = Profile(
            accountService: "127.0.0.1:\(ports[0])", syncService: "127.0.0.1:\(ports[1])",
            assessmentService: "127.0.0.1:\(ports[2])",
            certificateAuthorityFile: installation.authorityFile, token: token, dataDirectory: installation.directory)
        try profile.write(to: profilePath)
        if let path = call.value("--ready-file") {
            try Files.writeAtomically(Array("\(profilePath)\n".utf8), to: path, mode: 0o600)
        }
        Terminal.print(
            """
            Parapet is ready.
              account \(profile.accountService), sync \(profile.syncService), assessment \(profile.assessmentService)
              data and logs   \(installation.directory)
              profile         \(profilePath)
            Connect an account in another terminal: parapet onboard --name NAME

            """)
        await supervise(supervisors, until: signals)
        Terminal.print("Parapet has stopped.\n")
        return .ok
    }

    private static func installation(_ call: Invocation) throws(CLIError) -> Installation {
        guard
            let directory = call.value("--data-dir") ?? Environment.value("PARAPET_DATA_DIR")
                ?? Installation.defaultDirectory
        else {
            throw CLIError.usage("--data-dir is missing: HOME is not set", command: call.command)
        }
        guard !directory.hasPrefix("/") else { return Installation(directory: directory) }
        guard let working = getcwd(nil, 0) else {
            throw CLIError(code: .failed, message: "the working directory is gone")
        }
        defer { free(working) }
        return Installation(directory: String(cString: working) + "/" + directory)
    }

    /// The profile that is there, if it may be replaced: it belongs to this data directory, or to one that is gone.
    private static func mayReplace(_ path: String, by installation: Installation) throws(CLIError) -> Profile? {
        guard Files.exists(path) else { return nil }
        let existing = try Profile.load(path)
        if existing.dataDirectory == installation.directory { return existing }
        if let directory = existing.dataDirectory, !Files.exists(directory) { return nil }
        throw CLIError(
            code: .refusedByState,
            message:
                "profile \(path) belongs to another installation (\(existing.dataDirectory ?? existing.accountService))",
            hint: "name another with --profile FILE, or remove it")
    }

    private static func supervisors(_ installation: Installation, _ ports: [UInt16], _ call: Invocation) throws
        -> [Supervisor]
    {
        let folder = Files.parent(of: try Files.realPath("/proc/self/exe"))
        let addresses = zip(Installation.services, ports).flatMap { ["--\($0)", "127.0.0.1:\($1)"] }
        let lifeline = try Lifeline()
        return try zip(Installation.services, ports).map { service, port in
            let program = "\(folder)/\(service)"
            guard Files.exists(program) else {
                throw CLIError(
                    code: .failed, message: "\(program) is missing", hint: "the four programs belong into one folder")
            }
            var command =
                [
                    program, "--listen", "127.0.0.1:\(port)", "--data-dir", installation.dataDirectory(service),
                    "--tls-cert", installation.certificateFile(service), "--tls-key", installation.keyFile(service),
                    "--tls-ca", installation.authorityFile, "--token-file", installation.tokenFile,
                    "--ready-file", installation.readyFile(service), "--stop-with-input",
                ] + addresses
            if let share = call.value("--share") { command += ["--share", share] }
            if service == "sync-service", let principal = call.value("--principal-arn") {
                command += ["--principal-arn", principal]
            }
            return Supervisor(
                installation: installation, service: service, command: command, lifeline: lifeline
            ) {
                Terminal.warn($0 + "\n")
            }
        }
    }

    private static func supervise(_ supervisors: [Supervisor], until signals: AsyncStream<Signals.Signal>) async {
        await withTaskGroup(of: Void.self) { group in
            for supervisor in supervisors { group.addTask { await supervisor.keepRunning() } }
            for await _ in signals { break }
            await withTaskGroup(of: Void.self) { stops in
                for supervisor in supervisors { stops.addTask { await supervisor.stop(grace: .seconds(20)) } }
            }
            group.cancelAll()
        }
    }
}

/// Ports of loopback that nobody listens on.
enum FreePorts {
    static func pick(_ count: Int) throws(CLIError) -> [UInt16] {
        var sockets: [Int32] = []
        defer { for socket in sockets { close(socket) } }
        var ports: [UInt16] = []
        for _ in 0..<count {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            guard descriptor >= 0 else {
                throw CLIError(code: .failed, message: "no socket: \(String(cString: strerror(errno)))")
            }
            sockets.append(descriptor)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let bound = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
                }
            }
            guard bound else {
                throw CLIError(code: .failed, message: "no free port: \(String(cString: strerror(errno)))")
            }
            ports.append(UInt16(bigEndian: address.sin_port))
        }
        return ports
    }
}
