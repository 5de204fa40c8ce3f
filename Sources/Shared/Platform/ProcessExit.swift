import Glibc

/// The end of this process.
public enum ProcessExit {
    /// Writes what stdio still holds and ends the process with `status`, without the handlers that libraries gave
    /// `atexit(3)`.
    ///
    /// Event loops still run at this moment, and OpenSSL's handler frees what their connections use: a process that
    /// had done its work would now and then end with a corrupt heap.
    public static func end(_ status: Int32) -> Never {
        fflush(nil)
        _exit(status)
    }
}
