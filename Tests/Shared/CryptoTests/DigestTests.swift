import Crypto
import Platform
import Testing

@Suite struct DigestTests {
    @Test func `the digests of FIPS 180 come out`() {
        #expect(
            Hex.encode(SHA256.digest("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Hex.encode(SHA256.digest([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test func `a hasher fed in parts agrees, and again after its first digest`() {
        var hasher = SHA256Hasher()
        for _ in 0..<2 {
            hasher.update("a")
            hasher.update([UInt8]())
            hasher.update([UInt8(ascii: "b"), UInt8(ascii: "c")])
            #expect(hasher.finish() == SHA256.digest("abc"))
        }
    }

    @Test func `the codes of RFC 4231 come out, one after another under one key`() {
        var code = HMACSHA256(key: Array("Jefe".utf8))
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        for _ in 0..<3 { #expect(Hex.encode(code.authenticate("what do ya want for nothing?")) == expected) }
        let long = Array(repeating: UInt8(0xaa), count: 131)
        #expect(
            Hex.encode(
                HMACSHA256.authenticate(Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8), key: long)
            )
                == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
        // Computed with Python's hmac.
        #expect(
            Hex.encode(HMACSHA256.authenticate([], key: []))
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test func `comparison tells equal from different`() {
        #expect(ConstantTime.equals([1, 2], [1, 2]))
        #expect(!ConstantTime.equals([1, 2], [1, 3]))
        #expect(!ConstantTime.equals([1, 2], [1, 2, 3]))
        #expect(ConstantTime.equals([], []))
    }

    @Test func `random bytes differ`() {
        #expect(RandomBytes.generate(32) != RandomBytes.generate(32))
        #expect(RandomBytes.generate(0).isEmpty)
    }
}
