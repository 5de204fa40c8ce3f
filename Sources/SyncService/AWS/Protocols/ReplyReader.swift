import JSON
import Platform

/// What a reply held.
struct Reply: Sendable {
    var head: HTTPResponseHead
    /// The output but for its items.
    var rest: [UInt8]
    /// Items, or the structures around them where something is carried.
    var items: [[UInt8]]
    var byteCount: Int
}

/// Takes a reply as it comes and reads it by the operation's shapes.
///
/// `@unchecked Sendable`: the transport's thread feeds it while its owner waits; the owner reads it afterwards.
final class ReplyReader: ReplySink, @unchecked Sendable {
    private let model: ServiceModel
    private let operation: ServiceModel.Operation
    private let tree: ItemTree?
    private let limit: Int

    private var head = HTTPResponseHead()
    private var collected: [UInt8] = []
    private var xml: XMLBodyReader?
    private var fault: AWSError?
    private(set) var byteCount = 0

    /// An error in a reply that said 200 is short; more is not kept of what is parsed as it comes.
    private static let keptOfXML = 64 << 10

    /// - Parameter limit: Bytes of a body; more is ``AWSError/Kind/tooLarge(limit:)``.
    init(model: ServiceModel, operation: ServiceModel.Operation, tree: ItemTree?, limit: Int) {
        self.model = model
        self.operation = operation
        self.tree = tree
        self.limit = limit
    }

    // MARK: The transport's thread

    func begin(_ head: HTTPResponseHead) {
        self.head = head
        // A head before this one, of a proxy, may have promised something else.
        xml = nil
        guard isSuccess, model.wireProtocol.isXML, let output = operation.output else { return }
        if let payload = payload(of: output) {
            let shape = model.shapes[output].members[payload].shape
            guard model.shapes[shape].kind == .structure else { return }
            xml = XMLBodyReader(
                model: model, shape: shape, root: .output, tree: tree,
                node: tree?.member(payload, of: 0) ?? ItemTree.off)
        } else if let member = textRoot(of: output) {
            xml = XMLBodyReader(model: model, shape: output, root: .text(member: member), tree: tree)
        } else {
            let root = operation.resultWrapper.map { XMLBodyReader.Root.wrapped($0) } ?? .output
            xml = XMLBodyReader(model: model, shape: output, root: root, tree: tree)
        }
    }

    func receive(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        byteCount += bytes.count
        guard byteCount <= limit else {
            fault = AWSError(.tooLarge(limit: limit), requestID: head.requestID)
            return false
        }
        guard let xml else {
            collected.append(contentsOf: bytes)
            return true
        }
        if collected.count < Self.keptOfXML { collected.append(contentsOf: bytes) }
        // After a fault the rest is still read: it may be an error of AWS, and the connection stays usable.
        if fault == nil { do { try xml.feed(bytes) } catch { fault = error } }
        return true
    }

    // MARK: The owner, afterwards

    /// - Parameter failure: Why the transfer failed, if it did.
    func finish(_ failure: AWSError?) throws(AWSError) -> Reply {
        if let fault, case .tooLarge = fault.kind { throw fault }
        if var failure {
            failure.requestID = head.requestID
            throw failure
        }
        guard isSuccess else { throw ErrorReader.read(head: head, body: collected, model: model) }
        do throws(AWSError) {
            if let fault { throw fault }
            return try success()
        } catch {
            throw disguised ?? transient(error)
        }
    }

    private var isSuccess: Bool { (200..<300).contains(head.status) }

    /// S3 may say 200 and then send an error.
    private var disguised: AWSError? {
        guard xml != nil else { return nil }
        let found = ErrorReader.read(head: head, body: collected, model: model)
        if case .malformed = found.kind { return nil }
        return found
    }

    private func transient(_ error: AWSError) -> AWSError {
        var error = error
        error.requestID = head.requestID
        error.isTransient = true
        return error
    }

    private func success() throws(AWSError) -> Reply {
        guard let output = operation.output else { return reply(Array("{}".utf8), []) }
        let shape = model.shapes[output]
        var body: [UInt8]
        var items: [[UInt8]] = []
        if let xml {
            body = try xml.finish()
            items = xml.items
            if let payload = payload(of: output) { body = member(shape.members[payload], body) }
        } else if let payload = payload(of: output) {
            (body, items) = try payloadBody(shape.members[payload], payload)
        } else if !model.wireProtocol.isXML {
            guard !collected.isEmpty || !shape.members.contains(where: { $0.location == nil }) else {
                throw AWSError(.malformed("the reply's body is empty"))
            }
            var reader = JSONBodyReader(model: model, tree: tree)
            body = collected.isEmpty ? Array("{}".utf8) : try reader.read(take(), shape: output)
            items = reader.items
        } else {
            body = Array("{}".utf8)
        }
        return reply(try withHeaders(body, shape), items)
    }

    /// The body, which is kept here no longer.
    private func take() -> [UInt8] {
        defer { collected = [] }
        return collected
    }

    private func reply(_ rest: [UInt8], _ items: [[UInt8]]) -> Reply {
        Reply(head: head, rest: rest, items: items, byteCount: byteCount)
    }

    private func payload(of output: Int) -> Int? {
        guard model.wireProtocol.isREST, let name = model.shapes[output].payload else { return nil }
        return model.shapes[output].index(ofMember: name)
    }

    /// GetBucketLocation alone answers with an element that is the member itself.
    private func textRoot(of output: Int) -> Int? {
        guard model.name == "s3", operation.name == "GetBucketLocation" else { return nil }
        return model.shapes[output].index(ofMember: "LocationConstraint")
    }

    private func member(_ member: Shape.Member, _ value: [UInt8]) -> [UInt8] {
        [UInt8(ascii: "{")] + member.jsonKey + value + [UInt8(ascii: "}")]
    }

    private func payloadBody(_ payload: Shape.Member, _ index: Int) throws(AWSError) -> ([UInt8], [[UInt8]]) {
        guard !collected.isEmpty else { throw AWSError(.malformed("the reply's body is empty")) }
        switch model.shapes[payload.shape].kind {
        case .blob: return (member(payload, JSONValue.string(Base64.text(collected, .json)).bytes()), [])
        case .string:
            return (member(payload, JSONValue.string(String(decoding: collected, as: UTF8.self)).bytes()), [])
        default:
            var reader = JSONBodyReader(model: model, tree: tree)
            let node = tree?.member(index, of: 0) ?? ItemTree.off
            return (member(payload, try reader.read(take(), shape: payload.shape, node: node)), reader.items)
        }
    }

    /// Members of the output that are in the head.
    private func withHeaders(_ body: [UInt8], _ shape: Shape) throws(AWSError) -> [UInt8] {
        let own = shape.members.filter { $0.location == .header || $0.location == .statusCode }
        guard model.wireProtocol.isREST, !own.isEmpty else { return body }
        var object = JSONObject()
        for member in own {
            let text = member.location == .statusCode ? String(head.status) : head.header(member.wireName.lowercased())
            guard let text else { continue }
            let format = member.timestampFormat ?? model.shapes[member.shape].timestampFormat ?? .rfc822
            switch ScalarText.convert(text, model.shapes[member.shape].kind, format) {
            case .json(let json): object[member.name] = try? JSONValue(parsing: json)
            case .text: object[member.name] = .string(text)
            case .absent, .invalid: continue
            }
        }
        guard !object.isEmpty else { return body }
        do {
            for entry in try JSONValue(parsing: body).object ?? JSONObject() { object[entry.name] = entry.value }
        } catch { throw AWSError(.malformed("\(error)")) }
        return JSONValue.object(object).bytes(canonical: true)
    }
}
