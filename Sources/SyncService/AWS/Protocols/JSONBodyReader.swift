import JSON

/// Reads a JSON reply by its shape into canonical JSON.
struct JSONBodyReader: ~Copyable {
    let model: ServiceModel
    let table: ShapeTable
    let tree: ItemTree?
    private var buffer = CanonicalBuffer()
    private(set) var items: [[UInt8]] = []

    init(model: ServiceModel, tree: ItemTree?) {
        self.model = model
        table = model.table
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
        return buffer.bytes()
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
        let shape = table.entries[number]
        if shape.isDocument {
            do { buffer.value(try element.value()) } catch { throw AWSError(.malformed("\(error)")) }
            return true
        }
        switch shape.kind {
        case .structure: try structure(element, number, node)
        case .list: try list(element, number, node)
        case .map: try map(element, number)
        default: return try scalar(element, number, format)
        }
        return true
    }

    private func wrong(_ number: Int, _ element: JSONElement) -> AWSError {
        let shape = model.shapes[number]
        return AWSError(.malformed("\(shape.name): a \(shape.kind) cannot be read from a JSON \(element.kind)"))
    }

    private mutating func structure(_ element: JSONElement, _ number: Int, _ node: Int) throws(AWSError) {
        guard element.kind == .object else { throw wrong(number, element) }
        let mark = buffer.mark()
        buffer.openStructure()
        for (name, value) in element.fields {
            let index = name.withText { table.find($0, in: number) } ?? -1
            guard index >= 0 else { continue }
            let member = table.member(index, of: number)
            let start = buffer.mark()
            table.withText(member.jsonKey) { buffer.raw($0) }
            let inner = node < 0 ? ItemTree.off : tree?.member(index, of: node) ?? ItemTree.off
            if try write(value, Int(member.shape), format: member.format, node: inner) {
                buffer.note(order: index, since: start.start)
            } else {
                buffer.discard(start)
            }
        }
        buffer.closeStructure(mark, table, shape: number)
    }

    private mutating func list(_ element: JSONElement, _ number: Int, _ node: Int) throws(AWSError) {
        let of = table.entries[number].element
        guard element.kind == .array, of.shape >= 0 else { throw wrong(number, element) }
        buffer.openList()
        let inner = node < 0 ? ItemTree.off : tree?.element(of: node) ?? ItemTree.off
        let isItem = inner > 0 && tree?.isItem(inner) == true
        for item in element.items {
            let start = buffer.mark()
            guard try write(item, Int(of.shape), format: of.format, node: inner) else { continue }
            if isItem {
                items.append(wrapped(buffer.bytes(since: start)))
                buffer.discard(start)
            } else {
                buffer.noteItem()
            }
        }
        buffer.closeList()
    }

    private mutating func map(_ element: JSONElement, _ number: Int) throws(AWSError) {
        let of = table.entries[number].element
        guard element.kind == .object, of.shape >= 0 else { throw wrong(number, element) }
        let mark = buffer.mark()
        buffer.openMap()
        for (name, value) in element.fields {
            let start = buffer.mark()
            _ = name.withText { buffer.string($0) }
            buffer.raw(":")
            let keyLength = buffer.count - start.start
            if try write(value, Int(of.shape), format: of.format, node: ItemTree.off) {
                buffer.note(order: 0, since: start.start, keyLength: keyLength)
            } else {
                buffer.discard(start)
            }
        }
        buffer.closeMap(mark)
    }

    private mutating func scalar(
        _ element: JSONElement, _ number: Int, _ format: TimestampFormat?
    ) throws(AWSError) -> Bool {
        let shape = table.entries[number]
        let format = format ?? shape.format ?? .unixTimestamp
        let written: CanonicalBuffer.Written?
        switch element.kind {
        case .string: written = element.withText { buffer.scalar($0, shape.kind, format) }
        case .number:
            if shape.kind == .boolean { throw wrong(number, element) }
            let isPlain = element.withNumberText(PlainText.isInteger) == true
            written =
                isPlain
                ? element.withNumberText { buffer.scalar($0, shape.kind, format) }
                : buffer.converted(element.number?.canonicalText ?? "", shape.kind, format)
        case .bool: written = buffer.converted(element.bool == true ? "true" : "false", shape.kind, format)
        case .null, .array, .object: throw wrong(number, element)
        }
        switch written {
        case .yes: return true
        case .absent: return false
        case .invalid, nil: throw wrong(number, element)
        }
    }
}

/// An item as an object: a plain value becomes `{"value":…}`.
func wrapped(_ item: [UInt8]) -> [UInt8] {
    item.first == UInt8(ascii: "{") ? item : Array("{\"value\":".utf8) + item + [UInt8(ascii: "}")]
}
