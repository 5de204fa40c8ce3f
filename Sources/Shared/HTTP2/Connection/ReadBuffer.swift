import Glibc

/// 64 KiB for what a socket gives in one read; one per thread, since a connection never keeps it past the read.
enum ReadBuffer {
    static var current: UnsafeMutableRawBufferPointer { ThreadBuffers.current.socket }
}

/// 64 KiB for what TLS makes of it.
enum PlainBuffer {
    static var current: UnsafeMutableRawBufferPointer { ThreadBuffers.current.plain }
}

private final class ThreadBuffers {
    let socket = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    let plain = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

    deinit {
        socket.deallocate()
        plain.deallocate()
    }

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key) { pointer in
            if let pointer { Unmanaged<ThreadBuffers>.fromOpaque(pointer).release() }
        }
        return key
    }()

    static var current: ThreadBuffers {
        if let pointer = pthread_getspecific(key) {
            return Unmanaged<ThreadBuffers>.fromOpaque(pointer).takeUnretainedValue()
        }
        let buffers = ThreadBuffers()
        pthread_setspecific(key, Unmanaged.passRetained(buffers).toOpaque())
        return buffers
    }
}
