import CNghttp2
import Glibc

/// The memory of nghttp2's sessions on one thread: what is freed is kept by its size and used again. A call takes eight
/// pieces, and with many calls at once the system's allocator has to look for each.
///
/// Confined to its thread; each connection holds it for as long as it has a session.
final class SessionMemory {
    /// In front of each piece: the number of its list in the first byte; in the last eight the next piece on the list, or,
    /// of a piece without a list, its size.
    fileprivate static let headerBytes = 16
    /// The list of pieces that go back to the system.
    private static let noList: UInt8 = .max
    /// The pieces of list n have 32 << n bytes, their headers included: up to 1024.
    private static let listCount = 6
    /// What a list keeps.
    private static let keptBytes = 64 << 10

    private typealias List = (first: UnsafeMutableRawPointer?, bytes: Int)
    private let lists: UnsafeMutablePointer<List>

    init() {
        lists = .allocate(capacity: Self.listCount)
        lists.initialize(repeating: (nil, 0), count: Self.listCount)
    }

    deinit {
        for number in 0..<Self.listCount {
            while let piece = take(from: number) { Glibc.free(piece) }
        }
        lists.deallocate()
    }

    /// For `nghttp2_session_…_new3`; what it makes must not outlive this object.
    var functions: nghttp2_mem {
        nghttp2_mem(
            mem_user_data: Unmanaged.passUnretained(self).toOpaque(), malloc: sessionMalloc, free: sessionFree,
            calloc: sessionCalloc, realloc: sessionRealloc)
    }

    fileprivate func allocate(_ count: Int) -> UnsafeMutableRawPointer? {
        let bytes = max(count, 1) + Self.headerBytes
        let number = max(Int.bitWidth - (bytes - 1).leadingZeroBitCount - 5, 0)
        guard number < Self.listCount else { return fresh(bytes, Self.noList) }
        if let piece = take(from: number) { return piece + Self.headerBytes }
        return fresh(32 << number, UInt8(truncatingIfNeeded: number))
    }

    fileprivate func release(_ pointer: UnsafeMutableRawPointer) {
        let piece = pointer - Self.headerBytes
        let number = piece.load(as: UInt8.self)
        guard number != Self.noList, lists[Int(number)].bytes < Self.keptBytes else { return Glibc.free(piece) }
        piece.storeBytes(of: lists[Int(number)].first, toByteOffset: 8, as: UnsafeMutableRawPointer?.self)
        lists[Int(number)].first = piece
        lists[Int(number)].bytes += 32 << Int(number)
    }

    /// The bytes that a piece has room for.
    fileprivate func room(_ pointer: UnsafeMutableRawPointer) -> Int {
        let piece = pointer - Self.headerBytes
        let number = piece.load(as: UInt8.self)
        let bytes = number == Self.noList ? piece.load(fromByteOffset: 8, as: Int.self) : 32 << Int(number)
        return bytes - Self.headerBytes
    }

    private func take(from number: Int) -> UnsafeMutableRawPointer? {
        guard let piece = lists[number].first else { return nil }
        lists[number].first = piece.load(fromByteOffset: 8, as: UnsafeMutableRawPointer?.self)
        lists[number].bytes -= 32 << number
        return piece
    }

    private func fresh(_ bytes: Int, _ number: UInt8) -> UnsafeMutableRawPointer? {
        guard let piece = malloc(bytes) else { return nil }
        piece.storeBytes(of: number, as: UInt8.self)
        if number == Self.noList { piece.storeBytes(of: bytes, toByteOffset: 8, as: Int.self) }
        return piece + Self.headerBytes
    }
}

// What nghttp2 calls, with the memory as its last argument.

private func memory<T>(_ user: UnsafeMutableRawPointer?, _ body: (SessionMemory) -> T?) -> T? {
    guard let user else { return nil }
    return Unmanaged<SessionMemory>.fromOpaque(user)._withUnsafeGuaranteedRef(body)
}

private func sessionMalloc(_ count: Int, _ user: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    memory(user) { $0.allocate(count) }
}

private func sessionCalloc(_ count: Int, _ size: Int, _ user: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    let (bytes, overflows) = count.multipliedReportingOverflow(by: size)
    guard !overflows, let pointer = sessionMalloc(bytes, user) else { return nil }
    return memset(pointer, 0, bytes)
}

private func sessionFree(_ pointer: UnsafeMutableRawPointer?, _ user: UnsafeMutableRawPointer?) {
    guard let pointer else { return }
    _ = memory(user) { $0.release(pointer) }
}

private func sessionRealloc(
    _ pointer: UnsafeMutableRawPointer?, _ count: Int, _ user: UnsafeMutableRawPointer?
) -> UnsafeMutableRawPointer? {
    guard let pointer else { return sessionMalloc(count, user) }
    return memory(user) { memory in
        let room = memory.room(pointer)
        if count <= room { return pointer }
        guard let larger = memory.allocate(count) else { return nil }
        memcpy(larger, pointer, room)
        memory.release(pointer)
        return larger
    }
}
