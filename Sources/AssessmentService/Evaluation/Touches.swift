/// What a watched execution met that is not known.
struct Touches {
    /// Something unknown that was read.
    enum Touch: Hashable {
        /// A value of an asset: one of the calls in the mask supplies it.
        case cell(type: Int, asset: Int64, calls: Int64)
        /// A scope that was not read, by its position in the type's list.
        case scope(type: Int, index: Int)
    }

    /// By asset of the judged type: calls whose values its own row lacks.
    var own: [Int64: Int64] = [:]
    /// All else; the first few, for the reason's text.
    private(set) var foreign: [Touch] = []

    static let kept = 3

    var isEmpty: Bool { own.isEmpty && foreign.isEmpty }

    /// No further touch would be kept.
    var isFull: Bool { foreign.count >= Self.kept }

    mutating func note(_ touch: Touch) {
        if !isFull, !foreign.contains(touch) { foreign.append(touch) }
    }

    mutating func clear() {
        own.removeAll(keepingCapacity: true)
        foreign.removeAll(keepingCapacity: true)
    }
}
