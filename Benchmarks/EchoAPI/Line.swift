public import Glibc

/// Writes a line to a descriptor at once.
public func writeLine(_ text: String, to descriptor: Int32 = STDOUT_FILENO) {
    let line = Array("\(text)\n".utf8)
    _ = write(descriptor, line, line.count)
}
