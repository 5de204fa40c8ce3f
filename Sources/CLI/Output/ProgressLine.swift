/// One line on standard error that is rewritten while long work goes on; on no terminal, a line for each
/// new state and nothing in between.
final class ProgressLine {
    private let isLive: Bool
    private let quiet: Bool
    private var last = ""

    /// - Parameter quiet: Print nothing, for programs that read standard output.
    init(quiet: Bool = false) {
        isLive = Terminal.errorIsTerminal
        self.quiet = quiet
    }

    /// Shows a state. `milestone` is what is printed where the line cannot be rewritten; states with the same
    /// milestone print once.
    func show(_ text: String, milestone: String) {
        guard !quiet else { return }
        if isLive {
            guard text != last else { return }
            last = text
            Terminal.warn("\r\u{1B}[2K\(Terminal.printable(text))")
        } else if milestone != last {
            last = milestone
            Terminal.warn(Terminal.printable(milestone) + "\n")
        }
    }

    /// Leaves the line.
    func finish() {
        if isLive, !last.isEmpty { Terminal.warn("\r\u{1B}[2K") }
        last = ""
    }
}

/// A bar of `width` characters for a share of a whole.
func progressBar(_ done: Int32, of total: Int32, width: Int = 24) -> String {
    guard total > 0 else { return String(repeating: "·", count: width) }
    let filled = min(width, max(0, Int(done) * width / Int(total)))
    return String(repeating: "█", count: filled) + String(repeating: "·", count: width - filled)
}
