import JSON
import Platform
import TestSupport
import Testing

@testable import SyncService

/// Every operation of the shapes, with random inputs and outputs, against what botocore makes of them.
@Suite struct BotocoreOracleTests {
    static let isAvailable = Files.exists(Emulator.python)

    /// A seed of each day's own would find more, and fail where nobody changed anything.
    static let seeds = [1, 2, 3]

    private func cases(_ seed: Int) async throws -> [JSONValue] {
        let run = try await ChildProcess.run(
            [Emulator.python, Fixtures.path("botocore_oracle.py"), Fixtures.share + "/shapes", "\(seed)"],
            timeout: .seconds(120))
        try #require(run.status.isSuccess, "\(String(decoding: run.error.suffix(1000), as: UTF8.self))")
        return try run.output.split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: Array($0)) }
    }

    @Test(.enabled(if: isAvailable, "needs PARAPET_PYTHON, or .venv from `make dependencies`"), arguments: seeds)
    func `inputs are written and outputs read as botocore does`(seed: Int) async throws {
        let cases = try await cases(seed)
        #expect(cases.count > 500)
        for one in cases {
            let model = try Fixtures.shapes.model(one["service"]?.string ?? "")
            let operation = try #require(model.operations[one["operation"]?.string ?? ""])
            if one["kind"] == "request" {
                try check(request: one, model, operation)
            } else {
                try check(reply: one, model, operation)
            }
        }
    }

    private func check(request: JSONValue, _ model: ServiceModel, _ operation: ServiceModel.Operation) throws {
        let name = "\(model.name):\(operation.name) \(request["input"]?.text() ?? "")"
        let endpoint = ResolvedEndpoint(
            scheme: "https", authority: "x", basePath: "", signingRegion: "r", signingName: "s")
        let built = try RequestBuilder(model: model, operation: operation).build(
            request["input"] ?? .null, endpoint: endpoint)
        #expect(.string(built.method) == request["method"], "\(name)")
        #expect(.string(built.path) == request["path"], "\(name)")
        let query = built.query.map { [$0.name, $0.value] }.sorted { $0.lexicographicallyPrecedes($1) }
        #expect(.array(query.map { .array($0.map { .string($0) }) }) == request["query"], "\(name)")
        for header in request["headers"]?.object ?? JSONObject() {
            // Asks for the error codes of the protocol that the service had before; the catalogue has today's.
            if header.name == "x-amzn-query-mode" { continue }
            let ours = built.headers.first { $0.name.lowercased() == header.name }?.value
            #expect(ours.map { .string($0) } == header.value, "\(name): \(header.name)")
        }
        switch model.wireProtocol {
        case .query, .ec2:
            let pairs = String(decoding: built.body, as: UTF8.self).split(separator: "&").map { pair in
                pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                    .map { PercentEncoding.decode($0) }
            }
            let sorted = pairs.sorted { $0.lexicographicallyPrecedes($1) }
            #expect(.array(sorted.map { .array($0.map { .string($0) }) }) == request["body"], "\(name)")
        case .json, .restJSON:
            let body = built.body.isEmpty ? JSONValue.object(JSONObject()) : try JSONValue(parsing: built.body)
            #expect(body == request["body"], "\(name)")
        case .restXML: #expect(built.body.isEmpty, "\(name)")
        }
    }

    private func check(reply: JSONValue, _ model: ServiceModel, _ operation: ServiceModel.Operation) throws {
        let body = try #require(Base64.bytes(reply["body"]?.string ?? "", .json))
        let name = "\(model.name):\(operation.name)\n\(String(decoding: body, as: UTF8.self))"
        let whole: Reply
        do throws(AWSError) { whole = try read(body, reply, model, operation, tree: nil, chunk: 1 << 20) } catch {
            Issue.record("\(error) in \(name)")
            return
        }
        let output = try JSONValue(parsing: whole.rest)
        #expect(difference(output, reply["output"] ?? .null, "") == nil, "\(name)")
        #expect(whole.rest == output.bytes(canonical: true), "canonical: \(name)")
        for chunk in [1, 7] {
            let parts = try read(body, reply, model, operation, tree: nil, chunk: chunk)
            #expect(parts.rest == whole.rest, "in chunks of \(chunk): \(name)")
        }
        try checkItems(body, reply, model, operation, output)
    }

    /// The first place where two values differ.
    private func difference(_ ours: JSONValue, _ theirs: JSONValue, _ path: String) -> String? {
        if ours == theirs { return nil }
        switch (ours, theirs) {
        case (.object(let left), .object(let right)):
            for name in Set(left.names + right.names).sorted() {
                guard let one = left[name], let other = right[name] else { return "\(path).\(name): on one side only" }
                if let found = difference(one, other, "\(path).\(name)") { return found }
            }
            return nil
        case (.array(let left), .array(let right)) where left.count == right.count:
            return zip(left, right).enumerated().lazy
                .compactMap { difference($1.0, $1.1, "\(path)[\($0)]") }.first
        default: return "\(path): \(ours.text()) is not \(theirs.text())"
        }
    }

    /// The lists that pages are joined by, read item by item.
    private func checkItems(
        _ body: [UInt8], _ reply: JSONValue, _ model: ServiceModel, _ operation: ServiceModel.Operation,
        _ output: JSONValue
    ) throws {
        guard let result = operation.page?.results.first, let shape = operation.output else { return }
        let path = FieldPath(steps: result.steps + [.elements])
        let tree = try ItemTree(paths: [path.steps], output: shape, shapes: model.shapes)
        let read = try read(body, reply, model, operation, tree: tree, chunk: 11)
        let items = path.values(in: output).map { $0.object == nil ? ["value": $0] : $0 }
        #expect(try read.items.map { try JSONValue(parsing: $0) } == items, "\(model.name):\(operation.name)")
        #expect(try path.values(in: JSONValue(parsing: read.rest)).isEmpty)
    }

    private func read(
        _ body: [UInt8], _ reply: JSONValue, _ model: ServiceModel, _ operation: ServiceModel.Operation,
        tree: ItemTree?, chunk: Int
    ) throws(AWSError) -> Reply {
        let reader = ReplyReader(model: model, operation: operation, tree: tree, limit: 1 << 20)
        var head = HTTPResponseHead(status: 200)
        for header in reply["headers"]?.object ?? JSONObject() {
            head.add(name: header.name, value: header.value.string ?? "")
        }
        reader.begin(head)
        var start = 0
        while start < body.count {
            let end = min(start + chunk, body.count)
            _ = body[start..<end].withUnsafeBufferPointer { reader.receive($0) }
            start = end
        }
        return try reader.finish(nil)
    }
}
