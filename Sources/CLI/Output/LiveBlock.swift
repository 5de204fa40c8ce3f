/// Lines on standard error that are rewritten in place while long work goes on. For terminals.
final class LiveBlock {
    private var height = 0

    /// Replaces what was shown.
    func show(_ lines: [String]) {
        Terminal.warn(home + lines.map { $0 + "\u{1B}[K\n" }.joined() + "\u{1B}[J")
        height = lines.count
    }

    /// Takes the lines away.
    func finish() {
        if height > 0 { Terminal.warn(home + "\u{1B}[J") }
        height = 0
    }

    private var home: String { height == 0 ? "" : "\r\u{1B}[\(height)A" }
}
