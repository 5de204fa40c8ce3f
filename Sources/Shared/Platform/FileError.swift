import Glibc

/// Why an operation on a file failed. `description` names the path and the reason, and is fit for an operator's eyes.
public enum FileError: Error, Equatable, CustomStringConvertible {
    case notFound(path: String)
    case permissionDenied(path: String)
    case alreadyExists(path: String)
    /// The disk, or the user's quota on it, is full.
    case noSpace(path: String)
    case tooLarge(path: String, limitBytes: Int)
    /// Anything else; `code` is an `errno`.
    case failed(path: String, operation: String, code: Int32)

    /// The case that `errno` value `code` of `operation` stands for.
    public init(_ code: Int32, _ operation: String, _ path: String) {
        switch code {
        case ENOENT: self = .notFound(path: path)
        case EACCES, EPERM: self = .permissionDenied(path: path)
        case EEXIST: self = .alreadyExists(path: path)
        case ENOSPC, EDQUOT: self = .noSpace(path: path)
        default: self = .failed(path: path, operation: operation, code: code)
        }
    }

    public var description: String {
        switch self {
        case .notFound(let path): "\(path): no such file or directory"
        case .permissionDenied(let path): "\(path): permission denied"
        case .alreadyExists(let path): "\(path): exists already"
        case .noSpace(let path): "\(path): no space left on the device"
        case .tooLarge(let path, let limit): "\(path): larger than \(limit) bytes"
        case .failed(let path, let operation, let code): "\(path): \(operation): \(systemErrorText(code))"
        }
    }
}

/// The system's words for an `errno` value.
public func systemErrorText(_ code: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
