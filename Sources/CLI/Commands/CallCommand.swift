import API
import JSON
import RPC
import Wire

/// `parapet call`: any RPC of the three services, by reflection.
enum CallCommand {
    static let command = Command(
        path: ["call"], summary: "Call any RPC with a request in JSON",
        details: """
            The service tells by reflection what the RPC takes. SERVICE may be shortened: account, sync, assessment. The
            response is printed as JSON, a line each where it is a stream. Without a method the service's RPCs are listed.
            """,
        positionals: [
            Positional(name: "METHOD", help: "SERVICE/METHOD, such as account/ListAccounts, or SERVICE alone"),
            Positional(
                name: "JSON", help: "the request in protobuf's JSON; `-` reads standard input; default {}",
                required: false),
        ],
        examples: [
            "parapet call account/ListAccounts",
            "parapet call sync/GetCoverage '{\"accountId\":\"production\",\"gapsOnly\":true}'",
        ], run: run)

    private static func run(_ call: Invocation) async throws -> ExitCode {
        let parts = try call.positional("METHOD").split(separator: "/", omittingEmptySubsequences: true).map(
            String.init)
        guard let serviceWord = parts.first, parts.count <= 2 else {
            throw CLIError.usage("METHOD: SERVICE/METHOD, such as account/ListAccounts", command: call.command)
        }
        let target = try target(of: serviceWord, call)
        let pool = try await Reflection.descriptors(of: target.service, on: target.client)
        guard let service = pool.services[target.service] else {
            throw CLIError(code: .notFound, message: "\(target.service) is not served there")
        }
        guard parts.count == 2 else {
            list(service, call.context)
            return .ok
        }
        guard let method = service.methods.first(where: { $0.name == parts[1] }) else {
            throw CLIError(
                code: .notFound, message: "\(target.service) has no method \(parts[1])",
                hint: "it has: \(service.methods.map(\.name).joined(separator: ", "))")
        }
        let request = try request(method, pool, call)
        let path = "/\(target.service)/\(method.name)"
        for try await bytes in target.client.streamRaw(path, [request.encoded()]) {
            let response = try DynamicMessage(method.response, in: pool, decoding: bytes)
            let isLine = method.serverStreaming || call.context.format == .jsonl
            Terminal.print(try response.jsonValue().text(pretty: !isLine) + "\n")
        }
        return .ok
    }

    private static func target(of word: String, _ call: Invocation) throws -> (service: String, client: RPCClient) {
        let services = try call.context.services()
        let short = word.split(separator: ".").dropFirst().first.map(String.init) ?? word
        let key = services.raw[word] == nil ? short : word
        guard let client = services.raw[key] else {
            throw CLIError.usage(
                "\(word): one of account, sync, assessment, or a full name such as parapet.sync.v1.SyncService",
                command: call.command)
        }
        let full = "parapet.\(key).v1.\(key.prefix(1).uppercased())\(key.dropFirst())Service"
        return (word.contains(".") ? word : full, client)
    }

    private static func request(_ method: MethodDescriptor, _ pool: DescriptorPool, _ call: Invocation) throws
        -> DynamicMessage
    {
        let word = call.optional("JSON") ?? "{}"
        do {
            let text = word == "-" ? try StandardInput.text(limitBytes: 16 << 20) : word
            return try DynamicMessage(method.request, in: pool, json: JSONValue(parsing: text))
        } catch let error as CLIError {
            throw error
        } catch {
            throw CLIError(code: .usage, message: "the request is no \(method.request): \(error)")
        }
    }

    private static func list(_ service: ServiceDescriptor, _ context: Context) {
        var table = Table([
            .init(key: "method", heading: "METHOD"), .init(key: "request", heading: "REQUEST"),
            .init(key: "response", heading: "RESPONSE"),
            .init(key: "streams", heading: "STREAMS"),
        ])
        for method in service.methods {
            table.append([
                cell(method.name), cell(method.request), cell(method.response), .bool(method.serverStreaming),
            ])
        }
        context.print(table, empty: "no methods")
    }
}

/// Asks a server what it serves (gRPC's server reflection, version 1).
enum Reflection {
    /// The descriptors that a service needs, its imports included.
    static func descriptors(of service: String, on client: RPCClient) async throws -> DescriptorPool {
        var request = ServerReflectionRequest()
        request.messageRequest = .fileContainingSymbol(service)
        var files: [String: FileDescriptorProto] = [:]
        var wanted = try await ask(request, client)
        while let file = wanted.popLast() {
            guard let name = file.name, files[name] == nil else { continue }
            files[name] = file
            for missing in file.dependency
            where files[missing] == nil && !wanted.contains(where: { $0.name == missing }) {
                var next = ServerReflectionRequest()
                next.messageRequest = .fileByFilename(missing)
                wanted += try await ask(next, client)
            }
        }
        return try DescriptorPool(Array(files.values))
    }

    private static func ask(_ request: ServerReflectionRequest, _ client: RPCClient) async throws
        -> [FileDescriptorProto]
    {
        let path = "/\(ReflectionMethods.service)/\(ReflectionMethods.serverReflectionInfo.name)"
        for try await bytes in client.streamRaw(path, [request.encoded()], timeout: .seconds(20)) {
            switch try ServerReflectionResponse(decoding: bytes).messageResponse {
            case .fileDescriptorResponse(let response):
                return try response.fileDescriptorProto.map { try FileDescriptorProto(decoding: $0) }
            case .errorResponse(let error):
                throw RPCError(StatusCode(rawValue: error.errorCode) ?? .unknown, error.errorMessage)
            default: break
            }
        }
        throw RPCError(.internalError, "reflection ended without an answer")
    }
}
