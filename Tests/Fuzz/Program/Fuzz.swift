import FuzzTargets
import Glibc

// libFuzzer has the `main`: `fuzz TARGET [libFuzzer's options] [FOLDER or FILE]...`; with files, each is run once.

/// Takes the target's name from the arguments, before libFuzzer reads the rest.
@_cdecl("LLVMFuzzerInitialize")
public func chooseTarget(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> Int32 {
    let list = arguments.pointee
    guard count.pointee > 1, let name = list[1], Driver.choose(String(cString: name)) else {
        print("usage: fuzz TARGET [OPTION]... [CORPUS]...\ntargets: \(FuzzTarget.all.map(\.name))")
        exit(2)
    }
    list[1] = list[0]
    arguments.pointee = list + 1
    count.pointee -= 1
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func runOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    Driver.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
