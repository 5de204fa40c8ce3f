import JSON
import Platform
import TestSupport
import Testing

/// Attacks by frames of a client of the tests' own, each on a server of its own; `Programs/attacks.py` says what has to
/// come of each, and holds it against a well-behaved client's calls and the server's memory.
@Suite(.serialized) struct AttackTests {
    /// As `attacks.py --names` prints them.
    private static let names: [String] = {
        let text = (try? Checkout.read("Tests/Abuse/Programs/attacks.py")).map { String(decoding: $0, as: UTF8.self) }
        let lines = (text ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        return zip(lines, lines.dropFirst()).compactMap { decorator, definition in
            guard decorator.hasPrefix("@attack(") else { return nil }
            return definition.dropFirst("def ".count).split(separator: "(").first.map(String.init)
        }
    }()

    @Test func `there are attacks`() { #expect(Self.names.count >= 60) }

    @Test(arguments: names) func `an attack is ended or borne, others are served, and memory returns`(
        attack: String
    ) async throws {
        var variables = Environment.all
        // The target of a debug build takes its time with what handlers do.
        variables["ABUSE_SCALE"] = "0.03"
        let run = try await ChildProcess.run(
            [
                Checkout.python, "\(Checkout.root)/Tests/Abuse/Programs/attacks.py",
                "\(Repository.programs)/abuse-target", attack,
            ], environment: variables)
        let said = String(decoding: run.output + run.error, as: UTF8.self)
        #expect(run.status.isSuccess, "\(said)")
        #expect((try? JSONValue(parsing: run.output))?["attack"]?.string == attack, "\(said)")
    }
}
