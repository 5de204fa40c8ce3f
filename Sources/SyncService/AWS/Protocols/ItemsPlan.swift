import JSON

/// Where a reply's items are, and what each takes over from around it.
///
/// Items are handed on one by one while the reply is read, so the whole of a page is never a tree. Where an item takes
/// members over from a structure around it, that structure is what is read as one, and then taken apart.
struct ItemsPlan: Sendable, Hashable {
    /// Each ends with `[]`; none: the reply itself is the one item.
    var paths: [FieldPath]
    /// New member's name → its path from the reply's root, in a structure that encloses the items.
    var carry: [String: FieldPath]

    init(paths: [FieldPath], carry: [String: FieldPath] = [:]) {
        self.paths = paths
        self.carry = carry
    }

    /// Of one path, `Reservations[].Instances[]`; nil for text that is no such path.
    init?(_ text: String) {
        guard !text.isEmpty else {
            self.init(paths: [])
            return
        }
        guard let path = FieldPath(text), path.steps.last == .elements else { return nil }
        self.init(paths: [path])
    }

    var isSingle: Bool { paths.isEmpty }
}
