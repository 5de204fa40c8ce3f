import API
import TestSupport
import Testing
import Wire

struct DecoderFuzzTests {
    /// An asset with a bit of everything.
    private var asset: Asset {
        Asset.with {
            $0.accountId = "a1"
            $0.arn = "arn:aws:s3:::bücket"
            $0.configuration = "{\"Name\":\"x\"}"
            $0.tags = ["env": "prod", "": "é"]
            $0.gaps = [
                Gap.with { $0.call = "GetBucketPolicy" },
                Gap.with {
                    $0.code = "AccessDenied"
                    $0.message = "no"
                },
            ]
            $0.stale = true
            $0.change = -1
            $0.versionTime = Timestamp(seconds: 1_795_000_000, nanos: 5)
        }
    }

    @Test func `every truncated message is refused, or is a whole number of fields`() throws {
        let encoded = asset.encoded()
        var boundaries = 0
        for length in 0..<encoded.count {
            let prefix = Array(encoded[..<length])
            if let decoded = try? Asset(decoding: prefix) {
                boundaries += 1
                #expect(try Asset(decoding: decoded.encoded()) == decoded)
                #expect(decoded.encodedSize() <= prefix.count + 2)
            }
        }
        #expect(boundaries == 10)
        #expect(try Asset(decoding: encoded) == asset)
    }

    @Test func `the hand-written and the dynamic decoder accept the same damaged bytes`() throws {
        let pool = try DescriptorPool(decoding: try Checkout.read("share/parapet/descriptors.pb"))
        var random = SeededGenerator(seed: 42)
        for round in 0..<30_000 {
            var bytes = round % 4 == 0 ? random.bytes(Int.random(in: 0...30, using: &random)) : asset.encoded()
            for _ in 0...Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
                let position = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: position)
                default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: position)
                }
            }
            try check(bytes, pool)
        }
    }

    private func check(_ bytes: [UInt8], _ pool: DescriptorPool) throws {
        let dynamic = Result { try DynamicMessage(Asset.protoName, in: pool, decoding: bytes) }
        do {
            let decoded = try Asset(decoding: bytes)
            #expect(try Asset(decoding: decoded.encoded()) == decoded, "\(bytes)")
            let again = try DynamicMessage(Asset.protoName, in: pool, decoding: dynamic.get().encoded())
            #expect(try Asset(decoding: again.encoded()) == decoded, "\(bytes)")
        } catch {
            guard case .failure(let other) = dynamic else {
                Issue.record("only the dynamic decoder accepts \(bytes)")
                return
            }
            #expect(other as? WireError == error as? WireError, "\(bytes)")
        }
    }
}
