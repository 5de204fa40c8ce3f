import Glibc
import Platform
import Wire

// A testee for protobuf's conformance suite (conformance/README.md there): requests on standard input, responses on
// standard output, each after its length as a little-endian 32-bit number. The argument is a FileDescriptorSet with
// the suite's messages:
//
//     protoc -Isrc --include_imports --descriptor_set_out=FILE src/google/protobuf/test_messages_proto[23].proto
//     conformance_test_runner --maximum_edition PROTO3 conformance-testee FILE

guard CommandLine.arguments.count == 2 else {
    print("usage: conformance-testee DESCRIPTOR_SET")
    exit(2)
}
let testee = Testee(pool: try DescriptorPool(decoding: try Files.read(CommandLine.arguments[1])))

func readExactly(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
        let got = bytes.withUnsafeMutableBytes {
            read(STDIN_FILENO, $0.baseAddress.map { $0 + filled }, count - filled)
        }
        if got <= 0 { return nil }
        filled += got
    }
    return bytes
}

while let header = readExactly(4) {
    let length = header.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= 64 << 20, let body = readExactly(length) else { exit(1) }
    let response = testee.answer(try ConformanceRequest(decoding: body)).encoded()
    var output = (0..<4).map { UInt8(truncatingIfNeeded: response.count >> (8 * $0)) } + response
    while !output.isEmpty {
        let written = output.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        guard written > 0 else { exit(1) }
        output.removeFirst(written)
    }
}
