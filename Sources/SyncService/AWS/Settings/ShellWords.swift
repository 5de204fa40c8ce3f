/// Splits a command into its words, as a POSIX shell would, without any expansion (Python's `shlex.split`).
enum ShellWords {
    /// Nil where a quote is not closed or the text ends in a backslash.
    static func split(_ text: String) -> [String]? {
        var words: [String] = []
        var word: String.UnicodeScalarView?
        var quote: Unicode.Scalar?
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if isEscaped {
                // In double quotes a backslash stands for itself unless a quote or another one follows.
                if quote != nil, scalar != "\"", scalar != "\\" { word?.append("\\") }
                word?.append(scalar)
                isEscaped = false
            } else if scalar == "\\", quote != "'" {
                if word == nil { word = String.UnicodeScalarView() }
                isEscaped = true
            } else if let open = quote {
                if scalar == open { quote = nil } else { word?.append(scalar) }
            } else if scalar == "\"" || scalar == "'" {
                if word == nil { word = String.UnicodeScalarView() }
                quote = scalar
            } else if scalar == " " || scalar == "\t" || scalar == "\r" || scalar == "\n" {
                if let done = word { words.append(String(done)) }
                word = nil
            } else {
                if word == nil { word = String.UnicodeScalarView() }
                word?.append(scalar)
            }
        }
        guard quote == nil, !isEscaped else { return nil }
        if let done = word { words.append(String(done)) }
        return words
    }
}
