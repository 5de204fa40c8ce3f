import JSON

/// Where items are met while a reply is read: a tree of the members and lists on the way to them.
struct ItemTree: Sendable {
    struct Node: Sendable {
        var members: [Int: Int] = [:]
        var element: Int?
        var isItem = false
    }

    private(set) var nodes = [Node()]

    /// No node: what is here leads to no item.
    static let off = -1

    /// - Throws: The text of what does not fit the shapes.
    init(paths: [[FieldPath.Step]], output: Int, shapes: [Shape]) throws(AWSError) {
        for steps in paths {
            var node = 0
            var shape = output
            for step in steps {
                switch step {
                case .member(let name):
                    guard let index = shapes[shape].index(ofMember: name) else {
                        throw AWSError(.request("\(shapes[shape].name) has no member \(name)"))
                    }
                    shape = shapes[shape].members[index].shape
                    node = child(node, \.members[index])
                case .elements:
                    guard shapes[shape].kind == .list, let element = shapes[shape].element else {
                        throw AWSError(.request("\(shapes[shape].name) is no list"))
                    }
                    shape = element.shape
                    node = child(node, \.element)
                case .index, .values: throw AWSError(.request("items are reached by members and [] alone"))
                }
            }
            nodes[node].isItem = true
        }
    }

    private mutating func child(_ node: Int, _ path: WritableKeyPath<Node, Int?>) -> Int {
        if let known = nodes[node][keyPath: path] { return known }
        nodes.append(Node())
        nodes[node][keyPath: path] = nodes.count - 1
        return nodes.count - 1
    }

    func member(_ index: Int, of node: Int) -> Int { node < 0 ? Self.off : nodes[node].members[index] ?? Self.off }
    func element(of node: Int) -> Int { node < 0 ? Self.off : nodes[node].element ?? Self.off }
    func isItem(_ node: Int) -> Bool { node > 0 && nodes[node].isItem }
}

extension ItemsPlan {
    /// What is read as one: the items themselves, or, where something is carried, the structures around them; nil:
    /// the whole reply, because something is carried from its root.
    var units: [[FieldPath.Step]]? {
        if carry.isEmpty { return paths.map(\.steps) }
        var units: [[FieldPath.Step]] = []
        for path in paths {
            let enclosing = carry.values.map { Array($0.steps.dropLast()) }
            guard let cut = path.steps.firstIndex(of: .elements) else { return nil }
            let unit = Array(path.steps[...cut])
            guard enclosing.allSatisfy({ $0.starts(with: unit) }) else { return nil }
            units.append(unit)
        }
        return units
    }

    /// The items in a unit that was read as one, each with what it takes over.
    ///
    /// - Parameters:
    ///   - unit: Canonical JSON.
    ///   - walked: The unit's own path from the reply's root.
    func items(in unit: [UInt8], at walked: [FieldPath.Step]) -> [[UInt8]] {
        var found: [[UInt8]] = []
        unit.withUnsafeBufferPointer { text in
            for path in paths where path.steps.starts(with: walked) {
                gather(text, 0, path.steps, walked.count, [], &found)
            }
        }
        return found
    }

    private typealias Carried = [(name: String, value: [UInt8])]

    /// - Parameter depth: How many steps of `path` lead to the value at `start`.
    private func gather(
        _ text: CanonicalText.Bytes, _ start: Int, _ path: [FieldPath.Step], _ depth: Int, _ carried: Carried,
        _ found: inout [[UInt8]]
    ) {
        guard depth < path.count else {
            if let end = CanonicalText.end(text, start) { found.append(Self.item(text[start..<end], carried)) }
            return
        }
        var carried = carried
        for (name, source) in carry where source.steps.dropLast() == path[..<depth] {
            guard case .member(let member)? = source.steps.last,
                let value = CanonicalText.value(text, start, of: member), let end = CanonicalText.end(text, value)
            else { continue }
            carried.append((name, Array(text[value..<end])))
        }
        switch path[depth] {
        case .member(let name):
            if let value = CanonicalText.value(text, start, of: name) {
                gather(text, value, path, depth + 1, carried, &found)
            }
        case .elements:
            _ = CanonicalText.items(text, start) { item in
                gather(text, item, path, depth + 1, carried, &found)
                return CanonicalText.end(text, item)
            }
        case .index, .values: break
        }
    }

    /// An item with what it takes over, where it has no such member itself.
    private static func item(_ text: Slice<CanonicalText.Bytes>, _ carried: Carried) -> [UInt8] {
        let bytes = wrapped(Array(text))
        guard !carried.isEmpty, var object = CanonicalObject(canonical: bytes) else { return bytes }
        for (name, value) in carried where !object.has(name) { object.set(name, value) }
        return object.bytes
    }
}
