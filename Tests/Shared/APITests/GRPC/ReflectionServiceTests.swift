import RPC
import Testing
import Wire

@testable import API

struct ReflectionServiceTests {
    private struct OpenDoor: ServerInterceptor {
        func authorize(_ call: CallContext) async throws(RPCError) -> Caller { .anonymous }
    }

    /// `b.proto` imports `a.proto`; each declares one message.
    private func service() throws -> ReflectionService {
        let files = ["a", "b"].map { name in
            var file = FileDescriptorProto()
            file.name = "\(name).proto"
            file.package = "test"
            file.syntax = "proto3"
            file.dependency = name == "b" ? ["a.proto"] : []
            var message = DescriptorProto()
            message.name = name.uppercased()
            file.messageType = [message]
            return file
        }
        return ReflectionService(services: ["test.S"], pool: try DescriptorPool(files))
    }

    private func ask(_ question: ServerReflectionRequest.MessageRequest?) -> ServerReflectionRequest {
        var request = ServerReflectionRequest()
        request.messageRequest = question
        return request
    }

    private func names(_ response: ServerReflectionResponse) throws -> [String]? {
        guard case .fileDescriptorResponse(let files) = response.messageResponse else { return nil }
        return try files.fileDescriptorProto.map { try FileDescriptorProto(decoding: $0).name ?? "" }
    }

    @Test func `services are listed by name`() throws {
        guard case .listServicesResponse(let list) = try service().answer(ask(.listServices(""))).messageResponse else {
            Issue.record("no list")
            return
        }
        #expect(list.service.map(\.name) == [ReflectionMethods.service, ReflectionMethods.alphaService, "test.S"])
    }

    @Test func `a file comes with what it imports`() throws {
        let service = try service()
        #expect(try names(service.answer(ask(.fileByFilename("a.proto")))) == ["a.proto"])
        #expect(try names(service.answer(ask(.fileByFilename("b.proto")))) == ["b.proto", "a.proto"])
        #expect(try names(service.answer(ask(.fileContainingSymbol("test.B")))) == ["b.proto", "a.proto"])
    }

    @Test(arguments: [
        ServerReflectionRequest.MessageRequest.fileByFilename("c.proto"), .fileContainingSymbol("test.C"),
        .allExtensionNumbersOfType("test.C"), .fileContainingExtension(ExtensionRequest()),
    ])
    func `what is not known is an answer, not the end of the stream`(
        question: ServerReflectionRequest.MessageRequest
    ) throws {
        guard case .errorResponse(let error) = try service().answer(ask(question)).messageResponse else {
            Issue.record("no error")
            return
        }
        #expect(error.errorCode == StatusCode.notFound.rawValue)
    }

    @Test(arguments: [ReflectionMethods.service, ReflectionMethods.alphaService])
    func `each request of a stream is answered under both names`(name: String) async throws {
        var router = Router()
        router.add(try service())
        let server = try await RPCServer.start(
            ServerConfiguration(allowPlaintext: true), router: router, authorizer: OpenDoor())
        let client = RPCClient(ClientConfiguration(host: "127.0.0.1", port: server.port, allowPlaintext: true))
        let requests = [ask(.listServices("")), ask(nil), ask(.fileByFilename("a.proto"))].map { $0.encoded() }
        var responses: [ServerReflectionResponse] = []
        for try await bytes in client.streamRaw("/\(name)/ServerReflectionInfo", requests) {
            responses.append(try ServerReflectionResponse(decoding: bytes))
        }
        #expect(responses.count == 3)
        #expect(try responses.last.flatMap { try names($0) } == ["a.proto"])
        client.close()
        await server.shutdown(grace: .zero)
    }
}
