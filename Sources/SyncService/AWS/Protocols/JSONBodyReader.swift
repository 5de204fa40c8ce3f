import JSON

/// Reads a JSON reply by its shape into canonical JSON.
struct JSONBodyReader {
    let model: ServiceModel
    let tree: ItemTree?
    private var buffer = CanonicalBuffer()
    private(set) var items: [[UInt8]] = []

    init(model: ServiceModel, tree: ItemTree?) {
        self.model = model
        self.tree = tree
    }

    /// The output but for its items.
    ///
    /// - Parameter node: Where in the tree `shape` begins: below its root if a payload is read.
    mutating func read(_ body: consuming [UInt8], shape: Int, node: Int = 0) throws(AWSError) -> [UInt8] {
        let document = try Self.parse(body)
        guard document.root.kind == .object || model.shapes[shape].kind != .structure else {
            throw AWSError(.malformed("the reply is JSON, but no object"))
        }
        _ = try write(document.root, shape, format: nil, node: tree == nil ? ItemTree.off : node)
        return buffer.bytes
    }

    /// The document keeps the text; the body is freed before anything is written.
    private static func parse(_ body: consuming [UInt8]) throws(AWSError) -> JSONDocument {
        do { return try JSONDocument(parsing: body) } catch {
            throw AWSError(.malformed("the reply is no JSON: \(error)"))
        }
    }

    /// Whether something was written: `null`, and nothing where a number belongs, are absent members.
    private mutating func write(
        _ element: JSONElement, _ number: Int, format: TimestampFormat?, node: Int
    ) throws(AWSError) -> Bool {
        if element.isNull { return false }
        let shape = model.shapes[number]
        if shape.isDocument {
            do { buffer.value(try element.value()) } catch { throw AWSError(.malformed("\(error)")) }
            return true
        }
        switch shape.kind {
        case .structure: try structure(element, shape, node)
        case .list: try list(element, shape, node)
        case .map: try map(element, shape)
        default: return try scalar(element, shape, format)
        }
        return true
    }

    private func wrong(_ shape: Shape, _ element: JSONElement) -> AWSError {
        AWSError(.malformed("\(shape.name): a \(shape.kind) cannot be read from a JSON \(element.kind)"))
    }

    private mutating func structure(_ element: JSONElement, _ shape: Shape, _ node: Int) throws(AWSError) {
        guard element.kind == .object else { throw wrong(shape, element) }
        let mark = buffer.mark()
        for (name, value) in element.members {
            guard let index = shape.wireNames.find(name) else { continue }
            let member = shape.members[index]
            let start = buffer.mark()
            let written = try write(
                value, member.shape, format: member.timestampFormat, node: tree?.member(index, of: node) ?? ItemTree.off
            )
            if written { buffer.note(order: index, since: start) }
        }
        buffer.closeStructure(mark, members: shape.members)
    }

    private mutating func list(_ element: JSONElement, _ shape: Shape, _ node: Int) throws(AWSError) {
        guard element.kind == .array, let of = shape.element else { throw wrong(shape, element) }
        let mark = buffer.mark()
        let inner = tree?.element(of: node) ?? ItemTree.off
        for item in element.items {
            let start = buffer.mark()
            guard try write(item, of.shape, format: of.timestampFormat, node: inner) else { continue }
            if tree?.isItem(inner) == true {
                items.append(wrapped(buffer.slice(start)))
                buffer.discard(start)
            } else {
                buffer.note(order: 0, since: start)
            }
        }
        buffer.closeList(mark)
    }

    private mutating func map(_ element: JSONElement, _ shape: Shape) throws(AWSError) {
        guard element.kind == .object, let of = shape.element else { throw wrong(shape, element) }
        let mark = buffer.mark()
        for (name, value) in element.members {
            let start = buffer.mark()
            buffer.string(name)
            buffer.raw(":")
            let keyLength = buffer.bytes.count - start.start
            if try write(value, of.shape, format: of.timestampFormat, node: ItemTree.off) {
                buffer.note(order: 0, since: start, keyLength: keyLength)
            } else {
                buffer.discard(start)
            }
        }
        buffer.closeMap(mark)
    }

    private mutating func scalar(
        _ element: JSONElement, _ shape: Shape, _ format: TimestampFormat?
    ) throws(AWSError) -> Bool {
        let text: String
        switch element.kind {
        case .string: text = element.string ?? ""
        case .number: text = element.number?.canonicalText ?? ""
        case .bool: text = element.bool == true ? "true" : "false"
        case .null, .array, .object: throw wrong(shape, element)
        }
        if shape.kind == .boolean, element.kind == .number { throw wrong(shape, element) }
        switch ScalarText.convert(text, shape.kind, format ?? shape.timestampFormat ?? .unixTimestamp) {
        case .json(let json): buffer.raw(json)
        case .text: buffer.string(text)
        case .absent: return false
        case .invalid: throw wrong(shape, element)
        }
        return true
    }
}

/// An item as an object: a plain value becomes `{"value":…}`.
func wrapped(_ item: [UInt8]) -> [UInt8] {
    item.first == UInt8(ascii: "{") ? item : Array("{\"value\":".utf8) + item + [UInt8(ascii: "}")]
}
