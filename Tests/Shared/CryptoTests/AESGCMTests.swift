import Crypto
import Platform
import Testing

@Suite struct AESGCMTests {
    private let key = Array(UInt8(0)..<32)

    @Test(arguments: [0, 1, 15, 16, 17, 4096]) func `what was sealed opens again`(count: Int) throws {
        let plaintext = RandomBytes.generate(count)
        let sealed = try AESGCM.seal(plaintext, key: key, aad: Array("account 1".utf8))
        #expect(sealed.count == 12 + count + 16)
        #expect(try AESGCM.open(sealed, key: key, aad: Array("account 1".utf8)) == plaintext)
        #expect(try AESGCM.seal(plaintext, key: key) != AESGCM.seal(plaintext, key: key))
    }

    @Test func `a published vector opens`() throws {
        // Test case 16 of the GCM specification by McGrew and Viega.
        let key = try #require(Hex.decode("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"))
        let plaintext = try #require(
            Hex.decode(
                "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                    + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"))
        let aad = try #require(Hex.decode("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
        let sealed = try #require(
            Hex.decode(
                "cafebabefacedbaddecaf888" + "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                    + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662" + "76fc6ece0f4e1768cddf8853bb2d551b"))
        #expect(try AESGCM.open(sealed, key: key, aad: aad) == plaintext)
    }

    @Test func `any flipped bit, a cut and another binding are refused`() throws {
        let sealed = try AESGCM.seal(Array("external id".utf8), key: key, aad: [1])
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: CryptoError.authenticationFailed) { try AESGCM.open(changed, key: key, aad: [1]) }
        }
        for count in 0..<sealed.count {
            #expect(throws: CryptoError.authenticationFailed) {
                try AESGCM.open(Array(sealed[..<count]), key: key, aad: [1])
            }
        }
        #expect(throws: CryptoError.authenticationFailed) { try AESGCM.open(sealed, key: key, aad: [2]) }
        #expect(throws: CryptoError.authenticationFailed) { try AESGCM.open(sealed, key: key) }
        let other = Array(UInt8(1)..<33)
        #expect(throws: CryptoError.authenticationFailed) { try AESGCM.open(sealed, key: other, aad: [1]) }
    }

    @Test func `a key of another length is refused`() {
        #expect(throws: CryptoError.invalidKeyLength(expected: 32, got: 16)) {
            try AESGCM.seal([], key: Array(repeating: 0, count: 16))
        }
    }
}
