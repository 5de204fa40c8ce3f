import InteropShared
import RPC
import Wire

extension Cases {
    func emptyUnary() async throws {
        let response = try await client.unary(TestMethods.emptyCall, Empty(), Self.options())
        try expect("response", response, Empty())
    }

    func largeUnary() async throws { try await unary(Self.largeRequest()) }

    func clientCompressedUnary() async throws {
        var compressed = Self.largeRequest()
        compressed.expectCompressed = BoolValue(true)
        let probe = compressed
        try await expectStatus(.invalidArgument) { try await unary(probe) }
        try await unary(compressed, .gzip)
        var plain = Self.largeRequest()
        plain.expectCompressed = BoolValue(false)
        try await unary(plain)
    }

    func serverCompressedUnary() async throws {
        for wanted in [true, false] {
            var request = Self.largeRequest()
            request.responseCompressed = BoolValue(wanted)
            let response = try await client.unaryResponse(TestMethods.unaryCall, request, Self.options())
            try expect("compressed", response.wasCompressed, wanted)
            try expectZeros(response.message.payload, Int(request.responseSize))
        }
    }

    func specialStatusMessage() async throws {
        let message = "\t\ntest with whitespace\r\nand Unicode BMP \u{263a} and non-BMP \u{1f608}\t\n"
        try await expectStatus(.unknown, message: message) {
            try await unary(.with { $0.responseStatus = .with { ($0.code, $0.message) = (2, message) } })
        }
    }

    func unimplementedMethod() async throws {
        try await expectStatus(.unimplemented) {
            _ = try await client.unary(TestMethods.unimplementedCall, Empty(), Self.options())
        }
    }

    func unimplementedService() async throws {
        try await expectStatus(.unimplemented) {
            _ = try await client.unary(TestMethods.callOfUnimplementedService, Empty(), Self.options())
        }
    }

    private func unary(_ request: SimpleRequest, _ compression: Compression = .identity) async throws {
        let response = try await client.unary(TestMethods.unaryCall, request, Self.options(compression))
        try expectZeros(response.payload, Int(request.responseSize))
    }
}
