import Glibc
import Platform
import Testing

@Suite struct ChildProcessTests {
    @Test func `a program's output, errors and status arrive`() async throws {
        let result = try await ChildProcess.run(["sh", "-c", "echo out; echo err >&2; exit 3"])
        #expect(result.status == .exited(3))
        #expect(result.output == Array("out\n".utf8))
        #expect(result.error == Array("err\n".utf8))
        #expect(!result.timedOut)
    }

    @Test func `the environment is exactly the one given`() async throws {
        let result = try await ChildProcess.run(["/usr/bin/env"], environment: ["A": "x=y"])
        #expect(result.output == Array("A=x=y\n".utf8))
    }

    @Test func `a program that takes too long is killed`() async throws {
        let result = try await ChildProcess.run(["sleep", "60"], timeout: .milliseconds(50))
        #expect(result.status == .signalled(SIGKILL))
        #expect(result.timedOut)
    }

    @Test func `a missing program is an error that names it`() async {
        let error = await #expect(throws: SpawnError.self) { try await ChildProcess.run(["/nonexistent/program"]) }
        #expect(error?.description == "/nonexistent/program: cannot be started: No such file or directory")
    }

    @Test(.timeLimit(.minutes(1))) func `stop sends SIGTERM, and SIGKILL to one that does not listen`() async throws {
        let polite = try ChildProcess.start(["sleep", "60"])
        #expect(await polite.stop() == .signalled(SIGTERM))
        let directory = try Files.createTemporaryDirectory(prefix: "parapet-test-")
        defer { try? Files.removeTree(directory) }
        // The file says that the trap is set.
        let script = "trap '' TERM; touch '\(directory)/deaf'; while :; do sleep 1; done"
        let deaf = try ChildProcess.start(["sh", "-c", script])
        while !Files.exists(directory + "/deaf") { try await Task.sleep(for: .milliseconds(5)) }
        #expect(await deaf.stop(grace: .milliseconds(200)) == .signalled(SIGKILL))
        #expect(!deaf.signal(SIGTERM))
        #expect(await deaf.wait() == .signalled(SIGKILL))
    }

    @Test func `an ignored broken pipe is not passed on to a child`() async throws {
        Signals.ignoreBrokenPipes()
        let result = try await ChildProcess.run(["sh", "-c", "kill -PIPE $$; echo still here"])
        #expect(result.status == .signalled(SIGPIPE))
    }

    @Test func `no descriptor of ours leaks into a child`() async throws {
        let extra = dup(0)
        defer { close(extra) }
        let result = try await ChildProcess.run(["ls", "/proc/self/fd"])
        // The fourth is ls reading the directory.
        #expect(result.output == Array("0\n1\n2\n3\n".utf8))
    }
}

@Suite struct SignalsTests {
    @Test func `a signal arrives in the stream and does not end the process`() async {
        var stream = Signals.stream(of: [.hangup]).makeAsyncIterator()
        kill(getpid(), SIGHUP)
        #expect(await stream.next() == .hangup)
    }
}
