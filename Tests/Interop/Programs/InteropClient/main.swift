import Glibc
import InteropShared
import Platform
import RPC

// A client for gRPC's public interop tests (doc/interop-test-descriptions.md in its repository), on the stack that the
// services call each other with.

let usage = """
    usage: interop-client --server_host H --server_port P --test_case C[,C...]
               [--use_tls [--ca_file F] [--server_host_override N]] [--soak_iterations N ...]
    Exits with 0 if each case holds. Cases: \(Cases.all.map(\.name).joined(separator: " "))

    """

func configuration(_ flags: Flags) throws(FlagError) -> ClientConfiguration {
    guard let port = UInt16(try flags.required("server_port")) else { throw FlagError("--server_port: no port") }
    let tls = try flags.isOn("use_tls") ? ClientTLS(caFile: flags["ca_file"] ?? "") : nil
    var configuration = ClientConfiguration(
        host: try flags.required("server_host"), port: port, tls: tls, allowPlaintext: tls == nil)
    configuration.authority = flags["server_host_override"]
    return configuration
}

func chosenCases(_ flags: Flags) throws(FlagError) -> [(name: String, run: Cases.Case)] {
    var chosen: [(name: String, run: Cases.Case)] = []
    for word in try flags.required("test_case").split(separator: ",") {
        let name = String(word.map { $0 == "-" ? "_" : $0 })
        guard let found = Cases.all.first(where: { $0.name == name }) else { throw FlagError("no case \(word)") }
        chosen.append(found)
    }
    return chosen
}

/// - Returns: Whether all hold.
func run(_ chosen: [(name: String, run: Cases.Case)], _ target: ClientConfiguration, _ soak: SoakPlan) async -> Bool {
    let client = RPCClient(target)
    let cases = Cases(client: client, soak: soak) { RPCClient(target) }
    var holds = true
    for (name, run) in chosen {
        do {
            try await run(cases)
            print("\(name) ok")
        } catch {
            holds = false
            print("\(name) failed: \(error)")
        }
        fflush(nil)
    }
    client.close()
    return holds
}

do {
    Signals.ignoreBrokenPipes()
    let flags = try Flags(
        Array(CommandLine.arguments.dropFirst()),
        names: SoakPlan.flags.union(["server_host", "server_port", "server_host_override", "test_case", "ca_file"]),
        switches: ["use_tls", "help"])
    if try flags.isOn("help") {
        print(usage, terminator: "")
        ProcessExit.end(0)
    }
    let holds = await run(try chosenCases(flags), try configuration(flags), try SoakPlan(flags))
    ProcessExit.end(holds ? 0 : 1)
} catch {
    Diagnostics.print("interop-client: \(error)\n\(usage)")
    ProcessExit.end(2)
}
