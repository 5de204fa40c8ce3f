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
    private let table: ShapeTable
    private let tree: ItemTree?
    private let root: Root
    private let shape: Int
    private let outputNode: Int
    /// How many elements are open around a member of the output.
    private let topDepth: Int
    private var parser: xmlParserCtxtPtr?
    private var buffer = CanonicalBuffer()
    private var frames: [Frame] = []
    private var text = ByteStack()
    private var fault: AWSError?
    /// Looked at for each element, where an error is much to look at.
    private var hasFailed = false
    private var children = 0
    private var knownChildren = 0
    private var sawOutput = false

    private(set) var items: [[UInt8]] = []
    /// The root element's local name, once it was seen.
    private(set) var rootName = ""
    private(set) var rootClosed = false

    /// An open element.
    private struct Frame {
        enum Kind { case envelope, structure, list, map, entry, key, scalar, skipped }
        var kind: Kind
        var form = CanonicalBuffer.Form.value
        var format: TimestampFormat?
        var shape: Int32
        /// Where it goes in the structure around it; of an entry's children, 0 the key and 1 the value.
        var order: Int32
        var node = Int32(ItemTree.off)
        /// Where it begins, its key included.
        var start: Int
        /// Where its value begins.
        var mark: CanonicalBuffer.Mark
    }

    private static let depthLimit = 128
    /// Elements of an envelope that are about the call, not the output.
    private static let envelopeNames: Set<String> = ["requestId", "RequestId", "ResponseMetadata"]

    /// - Parameter node: Where in `tree` the output begins: below its root if a payload is read.
    init(model: ServiceModel, shape: Int, root: Root, tree: ItemTree?, node: Int = 0) {
        self.model = model
        table = model.table
        self.shape = shape
        self.root = root
        self.tree = tree
        outputNode = tree == nil ? ItemTree.off : node
        topDepth = root == .output ? 1 : 2
        frames.reserveCapacity(16)
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
        if buffer.isEmpty { buffer.raw("{}") }
        return buffer.bytes()
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
        if !hasFailed { fault = error }
        hasFailed = true
        if let parser { xmlStopParser(parser) }
    }

    // MARK: Events

    fileprivate func start(_ name: UnsafeBufferPointer<UInt8>, _ attributes: Attributes) {
        guard !hasFailed else { return }
        if frames.count >= Self.depthLimit {
            return fail(AWSError(.malformed("the reply's XML has more than \(Self.depthLimit) levels")))
        }
        text.cut(to: 0)
        guard let parent = frames.last else { return startRoot(name, attributes) }
        switch parent.kind {
        case .envelope: startInEnvelope(name, attributes)
        case .structure: startMember(name, parent, attributes)
        case .list: startElement(of: parent, attributes)
        case .map: push(.entry, shape: parent.shape)
        case .entry: startEntryPart(name, parent, attributes)
        case .key, .scalar, .skipped: push(.skipped)
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
        case .wrapped: push(.envelope)
        case .output: open(Int32(shape), format: nil, node: outputNode, attributes)
        case .text(let member):
            push(.structure, shape: Int32(shape))
            buffer.openStructure()
            openMember(member, of: shape, node: ItemTree.off, attributes)
        }
    }

    private func startInEnvelope(_ name: UnsafeBufferPointer<UInt8>, _ attributes: Attributes) {
        guard case .wrapped(let wrapper) = root, !sawOutput, String(decoding: name, as: UTF8.self) == wrapper else {
            return push(.skipped)
        }
        sawOutput = true
        open(Int32(shape), format: nil, node: outputNode, attributes)
    }

    private func startMember(_ name: UnsafeBufferPointer<UInt8>, _ parent: Frame, _ attributes: Attributes) {
        let isTop = frames.count == topDepth
        let index = table.find(name, in: Int(parent.shape))
        guard index >= 0 else {
            if isTop, !Self.envelopeNames.contains(String(decoding: name, as: UTF8.self)) { children += 1 }
            return push(.skipped)
        }
        if isTop {
            children += 1
            knownChildren += 1
        }
        let node = parent.node < 0 ? ItemTree.off : tree?.member(index, of: Int(parent.node)) ?? ItemTree.off
        openMember(index, of: Int(parent.shape), node: node, attributes)
    }

    private func openMember(_ index: Int, of structure: Int, node: Int, _ attributes: Attributes) {
        let member = table.member(index, of: structure)
        let target = table.entries[Int(member.shape)]
        let isFlat = member.isFlattened || target.isFlattened
        if isFlat, target.kind == .list, target.element.shape >= 0 {
            let inner = node < 0 ? ItemTree.off : tree?.element(of: node) ?? ItemTree.off
            open(
                target.element.shape, order: index, form: .flattenedItem, format: target.element.format, node: inner,
                attributes)
        } else if isFlat, target.kind == .map {
            push(.entry, shape: member.shape, order: index, form: .flattenedEntry)
        } else {
            let start = buffer.count
            table.withText(member.jsonKey) { buffer.raw($0) }
            open(member.shape, order: index, format: member.format, node: node, start: start, attributes)
        }
    }

    private func startElement(of list: Frame, _ attributes: Attributes) {
        let element = table.entries[Int(list.shape)].element
        guard element.shape >= 0 else { return push(.skipped) }
        let node = list.node < 0 ? ItemTree.off : tree?.element(of: Int(list.node)) ?? ItemTree.off
        open(element.shape, format: element.format, node: node, attributes)
    }

    private func startEntryPart(_ name: UnsafeBufferPointer<UInt8>, _ entry: Frame, _ attributes: Attributes) {
        let map = table.entries[Int(entry.shape)]
        if map.key.shape >= 0, table.isEqual(map.key.name, name) {
            // A key is text whatever its shape says.
            push(.key, shape: map.key.shape)
        } else if map.element.shape >= 0, table.isEqual(map.element.name, name) {
            open(map.element.shape, order: 1, format: map.element.format, node: ItemTree.off, attributes)
        } else {
            push(.skipped)
        }
    }

    private func push(
        _ kind: Frame.Kind, shape: Int32 = 0, order: Int = 0, form: CanonicalBuffer.Form = .value
    ) {
        frames.append(
            Frame(kind: kind, form: form, shape: shape, order: Int32(order), start: buffer.count, mark: buffer.mark()))
    }

    /// - Parameter start: Where its key was written; nil: it has none.
    private func open(
        _ number: Int32, order: Int = 0, form: CanonicalBuffer.Form = .value, format: TimestampFormat?, node: Int,
        start: Int? = nil, _ attributes: Attributes
    ) {
        let mark = buffer.mark()
        let kind: Frame.Kind
        switch table.entries[Int(number)].kind {
        case .structure:
            kind = .structure
            buffer.openStructure()
        case .list:
            kind = .list
            buffer.openList()
        case .map:
            kind = .map
            buffer.openMap()
        default: kind = .scalar
        }
        frames.append(
            Frame(
                kind: kind, form: form, format: format, shape: number, order: Int32(order), node: Int32(node),
                start: start ?? mark.start, mark: mark))
        if kind == .structure, attributes.count > 0, table.entries[Int(number)].hasAttributes {
            read(attributes, Int(number))
        }
    }

    /// Members that are attributes (`xsi:type` of an S3 grantee).
    private func read(_ attributes: Attributes, _ number: Int) {
        for (index, member) in model.shapes[number].members.enumerated() where member.isAttribute {
            guard let value = attributes.value(member.wireName) else { continue }
            let mark = buffer.mark()
            table.withText(table.member(index, of: number).jsonKey) { buffer.raw($0) }
            buffer.string(value)
            buffer.note(order: index, since: mark.start)
        }
    }

    fileprivate func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let kind = frames.last?.kind, kind == .scalar || kind == .key else { return }
        text.append(bytes)
    }

    fileprivate func end() {
        guard !hasFailed, let frame = frames.popLast() else { return }
        var keyLength = 0
        var isWritten = true
        switch frame.kind {
        case .envelope, .skipped: isWritten = false
        case .structure: buffer.closeStructure(frame.mark, table, shape: Int(frame.shape))
        case .list: buffer.closeList()
        case .map: buffer.closeMap(frame.mark)
        case .entry:
            guard let length = buffer.closeEntry(frame.mark) else { return }
            keyLength = length
        case .key:
            buffer.string(text.all)
            text.cut(to: 0)
        case .scalar: isWritten = scalar(frame)
        }
        if isWritten { place(frame, keyLength) }
        closeRootIfLast()
    }

    private func closeRootIfLast() {
        if frames.count == 1, case .text = root, let outer = frames.popLast() {
            buffer.closeStructure(outer.mark, table, shape: Int(outer.shape))
        }
        if frames.isEmpty { rootClosed = true }
    }

    private func place(_ frame: Frame, _ keyLength: Int) {
        if frame.node > 0, tree?.isItem(Int(frame.node)) == true {
            items.append(wrapped(buffer.bytes(since: frame.mark)))
            buffer.discard(frame.mark)
            return
        }
        switch frames.last?.kind {
        case .list: buffer.noteItem()
        case .entry: buffer.notePart(isKey: frame.kind == .key, since: frame.mark)
        case .structure, .map:
            buffer.note(order: Int(frame.order), since: frame.start, form: frame.form, keyLength: keyLength)
        case .envelope, .key, .scalar, .skipped, nil: break
        }
    }

    /// False where nothing is there to be noted; its key then goes too.
    private func scalar(_ frame: Frame) -> Bool {
        let shape = table.entries[Int(frame.shape)]
        let written = buffer.scalar(text.all, shape.kind, frame.format ?? shape.format ?? .iso8601)
        if written == .invalid {
            let name = model.shapes[Int(frame.shape)].name
            let start = String(decoding: text.all, as: UTF8.self).prefix(40)
            fail(AWSError(.malformed("\(name): \"\(start)\" is no \(shape.kind)")))
        }
        text.cut(to: 0)
        if written != .yes {
            buffer.discard(CanonicalBuffer.Mark(start: frame.start, fieldBase: frame.mark.fieldBase))
        }
        return written == .yes
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

private func withReader(_ context: UnsafeMutableRawPointer?, _ body: (XMLBodyReader) -> Void) {
    guard let context else { return }
    Unmanaged<XMLBodyReader>.fromOpaque(context)._withUnsafeGuaranteedRef(body)
}

private func xmlStart(
    _ context: UnsafeMutableRawPointer?, _ name: UnsafePointer<xmlChar>?, _: UnsafePointer<xmlChar>?,
    _: UnsafePointer<xmlChar>?, _: Int32, _: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int32, _: Int32,
    _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
) {
    guard let name else { return }
    let bytes = UnsafeBufferPointer(start: name, count: Int(xmlStrlen(name)))
    withReader(context) { $0.start(bytes, Attributes(pointer: attributes, count: Int(count))) }
}

private func xmlEnd(
    _ context: UnsafeMutableRawPointer?, _: UnsafePointer<xmlChar>?, _: UnsafePointer<xmlChar>?,
    _: UnsafePointer<xmlChar>?
) { withReader(context) { $0.end() } }

private func xmlText(_ context: UnsafeMutableRawPointer?, _ text: UnsafePointer<xmlChar>?, _ count: Int32) {
    withReader(context) { $0.append(UnsafeBufferPointer(start: text, count: Int(count))) }
}

private func xmlDoctype(
    _ context: UnsafeMutableRawPointer?, _: UnsafePointer<xmlChar>?, _: UnsafePointer<xmlChar>?,
    _: UnsafePointer<xmlChar>?
) { withReader(context) { $0.fail(AWSError(.malformed("the reply's XML has a document type"))) } }
