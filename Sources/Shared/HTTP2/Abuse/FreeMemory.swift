import CLinux

/// The allocator keeps what is freed between pieces that are in use, and an attack leaves much of it.
public enum FreeMemory {
    /// Gives the system what the allocator can spare. Takes milliseconds: not for the path of a call.
    public static func giveBack() { malloc_trim(0) }
}
