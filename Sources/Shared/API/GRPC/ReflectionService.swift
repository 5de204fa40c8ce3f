public import RPC
public import Wire

/// The standard reflection service, under its own name and the one that older clients ask for.
public struct ReflectionService: RPCService {
    public static let serviceName = ReflectionMethods.service

    private let services: [String]
    private let pool: DescriptorPool
    private let files: [String: FileDescriptorProto]

    /// - Parameters:
    ///   - services: Full names of what the server answers; this service is added.
    ///   - pool: The files that declare them.
    public init(services: [String], pool: DescriptorPool) {
        self.services = Set(services + [ReflectionMethods.service, ReflectionMethods.alphaService]).sorted()
        self.pool = pool
        files = Dictionary(pool.files.map { ($0.name ?? "", $0) }, uniquingKeysWith: { first, _ in first })
    }

    public func register(on router: inout Router) {
        for service in [ReflectionMethods.service, ReflectionMethods.alphaService] {
            let method = Method<ServerReflectionRequest, ServerReflectionResponse>(
                service: service, name: ReflectionMethods.serverReflectionInfo.name)
            router.bidirectional(method) { requests, responses, _ throws(RPCError) in
                while let request = try await requests.next() { try await responses.send(self.answer(request)) }
            }
        }
    }

    /// The answer to one question.
    func answer(_ request: ServerReflectionRequest) -> ServerReflectionResponse {
        var response = ServerReflectionResponse()
        response.validHost = request.host
        response.originalRequest = request
        response.messageResponse =
            switch request.messageRequest {
            case .listServices: .listServicesResponse(list())
            case .fileByFilename(let name): file(name, or: "file \(name.prefix(256))")
            case .fileContainingSymbol(let symbol):
                file(pool.fileOfSymbol[symbol] ?? "", or: "symbol \(symbol.prefix(256))")
            case .fileContainingExtension(let wanted):
                file(fileExtending(wanted), or: "extension \(wanted.extensionNumber) of \(wanted.containingType)")
            case .allExtensionNumbersOfType(let type): extensions(type)
            case nil: error(.invalidArgument, "the request asks nothing")
            }
        return response
    }

    private func list() -> ListServiceResponse {
        var list = ListServiceResponse()
        list.service = services.map { name in
            var service = ServiceResponse()
            service.name = name
            return service
        }
        return list
    }

    /// The file, then all that it imports, directly or not.
    private func file(_ name: String, or what: String) -> ServerReflectionResponse.MessageResponse {
        guard files[name] != nil else { return error(.notFound, "\(what) is not known here") }
        var seen: Set<String> = [name]
        var order = [name]
        var index = 0
        while index < order.count {
            for dependency in files[order[index]]?.dependency ?? [] where seen.insert(dependency).inserted {
                order.append(dependency)
            }
            index += 1
        }
        var response = FileDescriptorResponse()
        response.fileDescriptorProto = order.compactMap { files[$0]?.encoded() }
        return .fileDescriptorResponse(response)
    }

    private func fileExtending(_ wanted: ExtensionRequest) -> String {
        pool.files.first { file in
            file.extension.contains {
                $0.extendee == "." + wanted.containingType && $0.number == wanted.extensionNumber
            }
        }?.name ?? ""
    }

    private func extensions(_ type: String) -> ServerReflectionResponse.MessageResponse {
        guard pool.messages[type] != nil else { return error(.notFound, "type \(type.prefix(256)) is not known here") }
        var response = ExtensionNumberResponse()
        response.baseTypeName = type
        response.extensionNumber = pool.files.flatMap(\.extension).filter { $0.extendee == "." + type }
            .compactMap(\.number).sorted()
        return .allExtensionNumbersResponse(response)
    }

    private func error(_ code: StatusCode, _ text: String) -> ServerReflectionResponse.MessageResponse {
        var error = ErrorResponse()
        error.errorCode = code.rawValue
        error.errorMessage = text
        return .errorResponse(error)
    }
}
