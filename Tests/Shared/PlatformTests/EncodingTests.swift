import Platform
import Testing

@Suite struct EncodingTests {
    @Test func `hexadecimal goes both ways`() {
        #expect(Hex.encode([0, 171, 255]) == "00abff")
        #expect(Hex.decode("00aBFf") == [0, 171, 255])
        #expect(Hex.decode("0") == nil)
        #expect(Hex.decode("0g") == nil)
    }
}
