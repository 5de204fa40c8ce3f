import Glibc

/// A service's shapes as flat tables, for the readers of replies.
///
/// A page has some 100,000 elements. What is asked of a shape at each of them must cost neither a copy of a structure
/// with its names nor a reference count: so all is numbers, and names are ranges of one text.
final class ShapeTable: Sendable {
    /// A piece of ``text``.
    struct Name: Sendable {
        var start: Int32 = 0
        var count: Int32 = 0
    }

    struct Entry: Sendable {
        var kind: Shape.Kind
        var isFlattened: Bool
        var isDocument: Bool
        var hasAttributes = false
        var format: TimestampFormat?
        /// Of a list's element or a map's value; its shape is -1 where there is none.
        var element = Part()
        var key = Part()
        var firstMember: Int32 = 0
        var memberCount: Int32 = 0
        /// Where its members are found by their names on the wire; no slots: it has none.
        var firstSlot: Int32 = 0
        var slotCount: Int32 = 0
    }

    /// A list's element, or a map's key or value.
    struct Part: Sendable {
        var shape: Int32 = -1
        var format: TimestampFormat?
        /// What it is called on the wire, in a map.
        var name = Name()
    }

    struct Member: Sendable {
        var shape: Int32
        var isFlattened: Bool
        var format: TimestampFormat?
        /// `"Name":`.
        var jsonKey: Name
    }

    private struct Slot {
        var name = Name()
        var member: Int32 = -1
    }

    let entries: [Entry]
    private let members: [Member]
    private let slots: [Slot]
    private let text: [UInt8]

    init(_ shapes: [Shape]) {
        var builder = Builder()
        for shape in shapes { builder.add(shape) }
        entries = builder.entries
        members = builder.members
        slots = builder.slots
        text = builder.text
    }

    @inline(__always)
    func member(_ number: Int, of shape: Int) -> Member { members[Int(entries[shape].firstMember) + number] }

    /// The number of the member that has this name on the wire; -1 where there is none.
    func find(_ name: UnsafeBufferPointer<UInt8>, in shape: Int) -> Int {
        let count = Int(entries[shape].slotCount)
        guard count > 0 else { return -1 }
        let first = Int(entries[shape].firstSlot)
        var slot = Self.hash(name) & (count - 1)
        while slots[first + slot].member >= 0 {
            if isEqual(slots[first + slot].name, name) { return Int(slots[first + slot].member) }
            slot = (slot + 1) & (count - 1)
        }
        return -1
    }

    func isEqual(_ own: Name, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        guard Int(own.count) == name.count else { return false }
        return withText(own) { own in
            guard let left = own.baseAddress, let right = name.baseAddress else { return own.isEmpty }
            return memcmp(left, right, own.count) == 0
        }
    }

    func withText<T>(_ name: Name, _ body: (UnsafeBufferPointer<UInt8>) -> T) -> T {
        text.withUnsafeBufferPointer {
            body(UnsafeBufferPointer(rebasing: $0[Int(name.start)..<Int(name.start + name.count)]))
        }
    }

    /// Of a name's length, first and last bytes: they tell AWS's names apart, and what is found is compared anyway.
    private static func hash(_ name: UnsafeBufferPointer<UInt8>) -> Int {
        let count = name.count
        var first: UInt64 = 0
        var last: UInt64 = 0
        let raw = UnsafeRawBufferPointer(name)
        if count >= 8 {
            first = raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
            last = raw.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        } else if count >= 4 {
            first = UInt64(raw.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
            last = UInt64(raw.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
        } else if count > 0 {
            first = UInt64(raw[0])
            last = UInt64(raw[count / 2]) << 8 | UInt64(raw[count - 1])
        }
        let mixed = (first ^ (last << 29 | last >> 35) ^ UInt64(count)) &* 0x9E37_79B9_7F4A_7C15
        return Int(mixed >> 40)
    }

    private struct Builder {
        var entries: [Entry] = []
        var members: [Member] = []
        var slots: [Slot] = []
        var text: [UInt8] = []

        mutating func add(_ shape: Shape) {
            var entry = Entry(
                kind: shape.kind, isFlattened: shape.isFlattened, isDocument: shape.isDocument,
                format: shape.timestampFormat)
            if let element = shape.element { entry.element = part(element, called: "value") }
            if let key = shape.key { entry.key = part(key, called: "key") }
            entry.firstMember = Int32(members.count)
            entry.memberCount = Int32(shape.members.count)
            for member in shape.members {
                entry.hasAttributes = entry.hasAttributes || member.isAttribute
                members.append(
                    Member(
                        shape: Int32(member.shape), isFlattened: member.isFlattened, format: member.timestampFormat,
                        jsonKey: name(member.jsonKey)))
            }
            if !shape.wireNames.isEmpty { addSlots(shape, &entry) }
            entries.append(entry)
        }

        private mutating func addSlots(_ shape: Shape, _ entry: inout Entry) {
            var size = 4
            while size < shape.wireNames.count * 2 { size *= 2 }
            entry.firstSlot = Int32(slots.count)
            entry.slotCount = Int32(size)
            let first = slots.count
            slots += Array(repeating: Slot(), count: size)
            for wire in shape.wireNames {
                let bytes = Array(wire.name.utf8)
                var slot = bytes.withUnsafeBufferPointer { hash($0) } & (size - 1)
                var isTaken = false
                while slots[first + slot].member >= 0, !isTaken {
                    // Of two members with one name the first counts.
                    let other = slots[first + slot].name
                    isTaken = text[Int(other.start)..<Int(other.start + other.count)].elementsEqual(bytes)
                    if !isTaken { slot = (slot + 1) & (size - 1) }
                }
                if !isTaken { slots[first + slot] = Slot(name: name(bytes), member: Int32(wire.member)) }
            }
        }

        private mutating func part(_ member: Shape.Member, called usual: String) -> Part {
            Part(
                shape: Int32(member.shape), format: member.timestampFormat,
                name: name(Array((member.locationName ?? usual).utf8)))
        }

        private mutating func name(_ bytes: [UInt8]) -> Name {
            let start = text.count
            text += bytes
            return Name(start: Int32(start), count: Int32(bytes.count))
        }
    }
}
