import CXML2

/// Reads an XML reply while it arrives, by its shape, into canonical JSON; items are handed on as they end.
///
/// libxml2 parses; its own limits are on. A document type, more than 128 levels, or anything not well-formed is an error,
/// and only a document whose root element closed is a reply.
final class XMLBodyReader {
    /// What the root element is.
    enum Root: Equatable {
        /// An element in the root holds the output (query).
        case wrapped(String)
        /// The root is the output, or the member that is the payload.
        case output
        /// The root's text is one member of the output (GetBucketLocation).
        case text(member: Int)
    }

    private let model: ServiceModel
    private let tree: ItemTree?
    private let root: Root
    private let shape: Int
    private let outputNode: Int
    private var parser: xmlParserCtxtPtr?
    private var buffer = CanonicalBuffer()
    private var frames: [Frame] = []
    private var text: [UInt8] = []
    private var fault: AWSError?
    private var children = 0
    private var knownChildren = 0
    private var sawOutput = false

    private(set) var items: [[UInt8]] = []
    /// The root element's local name, once it was seen.
    private(set) var rootName = ""
    private(set) var rootClosed = false

    private struct Frame {
        enum Kind { case envelope, structure, list, map, entry, scalar, skipped }
        var kind: Kind
        var shape: Int
        /// Where it goes in the structure around it; of an entry's children, 0 the key and 1 the value.
        var order: Int
        var form = CanonicalBuffer.Form.value
        var format: TimestampFormat?
        var mark: CanonicalBuffer.Mark
        var node = ItemTree.off
    }

    private static let depthLimit = 128
    /// Elements of an envelope that are about the call, not the output.
    private static let envelopeNames: Set<String> = ["requestId", "RequestId", "ResponseMetadata"]

    /// - Parameter node: Where in `tree` the output begins: below its root if a payload is read.
    init(model: ServiceModel, shape: Int, root: Root, tree: ItemTree?, node: Int = 0) {
        self.model = model
        self.shape = shape
        self.root = root
        self.tree = tree
        outputNode = tree == nil ? ItemTree.off : node
        var handlers = xmlSAXHandler()
        handlers.initialized = UInt32(XML_SAX2_MAGIC)
        handlers.startElementNs = xmlStart
        handlers.endElementNs = xmlEnd
        handlers.characters = xmlText
        handlers.ignorableWhitespace = xmlText
        handlers.cdataBlock = xmlText
        handlers.internalSubset = xmlDoctype
        handlers.serror = { _, _ in }
        parser = xmlCreatePushParserCtxt(&handlers, Unmanaged.passUnretained(self).toOpaque(), nil, 0, nil)
        if let parser { xmlCtxtUseOptions(parser, Int32(XML_PARSE_NONET.rawValue | XML_PARSE_COMPACT.rawValue)) }
    }

    deinit {
        guard let parser else { return }
        xmlFreeDoc(parser.pointee.myDoc)
        xmlFreeParserCtxt(parser)
    }

    // MARK: Feeding

    func feed(_ bytes: UnsafeBufferPointer<UInt8>) throws(AWSError) {
        try parse(bytes.baseAddress, bytes.count, isLast: false)
    }

    /// The output but for its items, when the last byte was fed.
    func finish() throws(AWSError) -> [UInt8] {
        try parse(nil, 0, isLast: true)
        guard rootClosed, frames.isEmpty else { throw AWSError(.malformed("the reply's XML ends too early")) }
        if case .wrapped(let name) = root, !sawOutput {
            throw AWSError(.malformed("the reply's XML has no \(name) in \(rootName)"))
        }
        if children > 0, knownChildren == 0, !model.shapes[shape].members.isEmpty {
            throw AWSError(.malformed("the reply's XML, \(rootName), is not the operation's output"))
        }
        if buffer.bytes.isEmpty { buffer.raw("{}") }
        return buffer.bytes
    }

    private func parse(_ bytes: UnsafePointer<UInt8>?, _ count: Int, isLast: Bool) throws(AWSError) {
        guard let parser else { throw AWSError(.malformed("libxml2 has no memory left")) }
        // At the end libxml2 still wants a pointer, to no bytes.
        var nothing: CChar = 0
        if let bytes {
            bytes.withMemoryRebound(to: CChar.self, capacity: count) {
                _ = xmlParseChunk(parser, $0, Int32(clamping: count), isLast ? 1 : 0)
            }
        } else {
            _ = xmlParseChunk(parser, &nothing, 0, isLast ? 1 : 0)
        }
        if let fault { throw fault }
        if parser.pointee.wellFormed == 0 {
            let line = parser.pointee.lastError.line
            let words = parser.pointee.lastError.message.map { ScalarText.trim(String(cString: $0)) } ?? "not XML"
            throw AWSError(.malformed("the reply's XML, line \(line): \(words)"))
        }
    }

    fileprivate func fail(_ error: AWSError) {
        if fault == nil { fault = error }
        if let parser { xmlStopParser(parser) }
    }

    // MARK: Events

    fileprivate func start(_ name: UnsafeBufferPointer<UInt8>, _ attributes: Attributes) {
        guard fault == nil else { return }
        if frames.count >= Self.depthLimit {
            return fail(AWSError(.malformed("the reply's XML has more than \(Self.depthLimit) levels")))
        }
        text.removeAll(keepingCapacity: true)
        guard let parent = frames.last else { return startRoot(name, attributes) }
        switch parent.kind {
        case .envelope: startInEnvelope(name, attributes)
        case .structure: startMember(name, parent, attributes)
        case .list: startElement(of: parent, attributes)
        case .map: push(.entry, shape: parent.shape, order: 0)
        case .entry: startEntryPart(name, parent, attributes)
        case .scalar, .skipped: push(.skipped, shape: 0, order: 0)
        }
    }

    private func startRoot(_ name: UnsafeBufferPointer<UInt8>, _ attributes: Attributes) {
        rootName = String(decoding: name, as: UTF8.self)
        let isForeign = ["Error", "ErrorResponse", "html", "HTML"].contains(rootName)
        let isEnveloped = model.wireProtocol != .restXML
        if isForeign || isEnveloped && !rootName.hasSuffix("Response") || rootName == "Response" {
            return fail(AWSError(.malformed("the reply's XML is \(rootName), not the operation's output")))
        }
        switch root {
        case .wrapped: push(.envelope, shape: 0, order: 0)
        case .output: open(shape, order: 0, format: nil, node: outputNode, attributes)
        case .text(let member):
            let mark = buffer.mark()
            frames.append(Frame(kind: .structure, shape: shape, order: 0, mark: mark))
            let of = model.shapes[shape].members[member]
            open(of.shape, order: member, format: of.timestampFormat, node: ItemTree.off, attributes)
        }
    }

    private func startInEnvelope(_ name: UnsafeBufferPointer<UInt8>, _ attributes: Attributes) {
        guard case .wrapped(let wrapper) = root, !sawOutput, String(decoding: name, as: UTF8.self) == wrapper else {
            return push(.skipped, shape: 0, order: 0)
        }
        sawOutput = true
        open(shape, order: 0, format: nil, node: outputNode, attributes)
    }

    private func startMember(_ name: UnsafeBufferPointer<UInt8>, _ parent: Frame, _ attributes: Attributes) {
        let isTop = frames.count == (root == .output ? 1 : 2)
        guard let index = model.shapes[parent.shape].wireNames.find(name) else {
            if isTop, !Self.envelopeNames.contains(String(decoding: name, as: UTF8.self)) { children += 1 }
            return push(.skipped, shape: 0, order: 0)
        }
        if isTop {
            children += 1
            knownChildren += 1
        }
        // Fields one by one: a whole member would be copied with its names.
        let target = model.shapes[parent.shape].members[index].shape
        let format = model.shapes[parent.shape].members[index].timestampFormat
        let node = tree?.member(index, of: parent.node) ?? ItemTree.off
        let isFlat = model.shapes[parent.shape].members[index].isFlattened || model.shapes[target].isFlattened
        if isFlat, model.shapes[target].kind == .list, let element = model.shapes[target].element {
            open(
                element.shape, order: index, form: .flattenedItem, format: element.timestampFormat,
                node: tree?.element(of: node) ?? ItemTree.off, attributes)
        } else if isFlat, model.shapes[target].kind == .map {
            push(.entry, shape: target, order: index, form: .flattenedEntry)
        } else {
            open(target, order: index, format: format, node: node, attributes)
        }
    }

    private func startElement(of list: Frame, _ attributes: Attributes) {
        guard let target = model.shapes[list.shape].element?.shape else { return push(.skipped, shape: 0, order: 0) }
        open(
            target, order: 0, format: model.shapes[list.shape].element?.timestampFormat,
            node: tree?.element(of: list.node) ?? ItemTree.off, attributes)
    }

    private func startEntryPart(_ name: UnsafeBufferPointer<UInt8>, _ entry: Frame, _ attributes: Attributes) {
        let map = model.shapes[entry.shape]
        let part = String(decoding: name, as: UTF8.self)
        if let key = map.key, part == key.locationName ?? "key" {
            open(key.shape, order: 0, format: nil, node: ItemTree.off, attributes)
        } else if let value = map.element, part == value.locationName ?? "value" {
            open(value.shape, order: 1, format: value.timestampFormat, node: ItemTree.off, attributes)
        } else {
            push(.skipped, shape: 0, order: 0)
        }
    }

    private func push(_ kind: Frame.Kind, shape: Int, order: Int, form: CanonicalBuffer.Form = .value) {
        frames.append(Frame(kind: kind, shape: shape, order: order, form: form, mark: buffer.mark()))
    }

    private func open(
        _ number: Int, order: Int, form: CanonicalBuffer.Form = .value, format: TimestampFormat?, node: Int,
        _ attributes: Attributes
    ) {
        let kind: Frame.Kind =
            switch model.shapes[number].kind {
            case .structure: .structure
            case .list: .list
            case .map: .map
            default: .scalar
            }
        frames.append(
            Frame(kind: kind, shape: number, order: order, form: form, format: format, mark: buffer.mark(), node: node))
        if kind == .structure, attributes.count > 0 { read(attributes, number) }
    }

    /// Members that are attributes (`xsi:type` of an S3 grantee).
    private func read(_ attributes: Attributes, _ number: Int) {
        for (index, member) in model.shapes[number].members.enumerated() where member.isAttribute {
            guard let value = attributes.value(member.wireName) else { continue }
            let mark = buffer.mark()
            buffer.string(value)
            buffer.note(order: index, since: mark)
        }
    }

    fileprivate func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        if frames.last?.kind == .scalar { text.append(contentsOf: bytes) }
    }

    fileprivate func end() {
        guard fault == nil, let frame = frames.popLast() else { return }
        var keyLength = 0
        switch frame.kind {
        case .envelope, .skipped: break
        case .structure: buffer.closeStructure(frame.mark, members: model.shapes[frame.shape].members)
        case .list: buffer.closeList(frame.mark)
        case .map: buffer.closeMap(frame.mark)
        case .entry:
            guard let length = buffer.closeEntry(frame.mark) else { return }
            keyLength = length
        case .scalar: guard scalar(frame) else { return closeRootIfLast() }
        }
        if frame.kind != .skipped, frame.kind != .envelope { place(frame, keyLength) }
        closeRootIfLast()
    }

    private func closeRootIfLast() {
        if case .text = root, frames.count == 1, let outer = frames.popLast() {
            buffer.closeStructure(outer.mark, members: model.shapes[outer.shape].members)
        }
        if frames.isEmpty { rootClosed = true }
    }

    private func place(_ frame: Frame, _ keyLength: Int) {
        if tree?.isItem(frame.node) == true {
            items.append(wrapped(buffer.slice(frame.mark)))
            buffer.discard(frame.mark)
            return
        }
        guard let parent = frames.last, parent.kind != .envelope else { return }
        buffer.note(order: frame.order, since: frame.mark, form: frame.form, keyLength: keyLength)
    }

    /// False where nothing is there to be noted.
    private func scalar(_ frame: Frame) -> Bool {
        defer { text.removeAll(keepingCapacity: true) }
        let kind = model.shapes[frame.shape].kind
        if kind == .string {
            text.withUnsafeBufferPointer { buffer.string($0) }
            return true
        }
        let written = String(decoding: text, as: UTF8.self)
        switch ScalarText.convert(written, kind, frame.format ?? model.shapes[frame.shape].timestampFormat ?? .iso8601)
        {
        case .json(let json): buffer.raw(json)
        case .text: buffer.string(written)
        case .absent: return false
        case .invalid:
            fail(AWSError(.malformed("\(model.shapes[frame.shape].name): \"\(written.prefix(40))\" is no \(kind)")))
            return false
        }
        return true
    }
}

/// An element's attributes as libxml2 hands them over: five pointers each.
struct Attributes {
    fileprivate let pointer: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    let count: Int

    /// By `prefix:name`, or `name`.
    func value(_ wanted: String) -> String? {
        guard let pointer else { return nil }
        for index in 0..<count {
            let fields = pointer + index * 5
            guard let local = fields[0], let from = fields[3], let to = fields[4] else { continue }
            let prefix = fields[1].map { String(cString: $0) + ":" } ?? ""
            if prefix + String(cString: local) == wanted {
                return String(decoding: UnsafeBufferPointer(start: from, count: to - from), as: UTF8.self)
            }
        }
        return nil
    }
}

// libxml2 calls these with the reader as its context; the reader outlives the parser that it owns.

private func reader(_ context: UnsafeMutableRawPointer?) -> XMLBodyReader? {
    context.map { Unmanaged<XMLBodyReader>.fromOpaque($0).takeUnretainedValue() }
}

private func xmlStart(
    _ context: UnsafeMutableRawPointer?, _ name: UnsafePointer<xmlChar>?, _: UnsafePointer<xmlChar>?,
    _: UnsafePointer<xmlChar>?, _: Int32, _: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int32, _: Int32,
    _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
) {
    guard let name else { return }
    let bytes = UnsafeBufferPointer(start: name, count: Int(xmlStrlen(name)))
    reader(context)?.start(bytes, Attributes(pointer: attributes, count: Int(count)))
}

private func xmlEnd(
    _ context: UnsafeMutableRawPointer?, _: UnsafePointer<xmlChar>?, _: UnsafePointer<xmlChar>?,
    _: UnsafePointer<xmlChar>?
) { reader(context)?.end() }

private func xmlText(_ context: UnsafeMutableRawPointer?, _ text: UnsafePointer<xmlChar>?, _ count: Int32) {
    reader(context)?.append(UnsafeBufferPointer(start: text, count: Int(count)))
}

private func xmlDoctype(
    _ context: UnsafeMutableRawPointer?, _: UnsafePointer<xmlChar>?, _: UnsafePointer<xmlChar>?,
    _: UnsafePointer<xmlChar>?
) { reader(context)?.fail(AWSError(.malformed("the reply's XML has a document type"))) }
