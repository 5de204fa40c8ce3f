import Crypto
import JSON

/// A call about one asset that was not answered.
struct AssetGap: Sendable, Equatable {
    /// The call's name in the catalogue.
    var call: String
    var code: String
    var message: String

    init(call: String, code: String, message: String) {
        self.call = call
        self.code = code
        self.message = message
    }
}

/// An asset as AWS told of it, before anything of it is hashed or stored.
struct ObservedAsset: Sendable {
    var id: String
    var arn: String
    var name: String
    /// Where it is, which may differ from where it was listed.
    var region: String
    /// Keys are unique.
    var tags: [String: String]
    /// The listed item with a member per enrichment call.
    var configuration: CanonicalObject
    var gaps: [AssetGap]

    init(
        id: String, arn: String, name: String = "", region: String, tags: [String: String] = [:],
        configuration: CanonicalObject, gaps: [AssetGap] = []
    ) {
        self.id = id
        self.arn = arn
        self.name = name
        self.region = region
        self.tags = tags
        self.configuration = configuration
        self.gaps = gaps
    }
}

/// An asset ready to be compared and stored: redacted, canonical and hashed.
struct PreparedAsset: Sendable {
    /// The most that one may take, so that it fits into a message of 4 MiB.
    static let limitBytes = 3 << 20

    var id: String
    var arn: String
    var name: String
    var region: String
    /// A JSON object, keys sorted.
    let tagsText: String
    /// Canonical JSON.
    var body: [UInt8]
    /// 16 bytes over everything whose change is a change of the asset.
    var fingerprint: [UInt8]
    /// A JSON array of gaps, or nil for none.
    var gapsText: String?

    /// What it holds, in bytes.
    var byteCount: Int {
        body.count + [id, arn, name, tagsText, gapsText ?? ""].reduce(0) { $0 + $1.utf8.count }
    }

    init(_ asset: ObservedAsset, redactor: Redactor) {
        id = redactor.mask(asset.id)
        arn = redactor.mask(asset.arn)
        name = redactor.mask(asset.name)
        region = asset.region
        tagsText = Self.text(asset.tags, redactor)
        body = redactor.redacted(asset.configuration)
        let gaps = asset.gaps.sorted { ($0.call, $0.code) < ($1.call, $1.code) }
        gapsText = gaps.isEmpty ? nil : Self.text(gaps, redactor)
        fingerprint = Self.fingerprint(SHA256.digest(body), [id, arn, name, region, tagsText], gaps)
    }

    private static func text(_ tags: [String: String], _ redactor: Redactor) -> String {
        if tags.isEmpty { return "{}" }
        var text = CanonicalBuffer()
        let mark = text.mark()
        text.openMap()
        for (name, value) in tags.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            let start = text.count
            text.string(name)
            text.raw(":")
            let keyLength = text.count - start
            text.string(value)
            text.note(order: 0, since: start, keyLength: keyLength)
        }
        text.closeMap(mark)
        let bytes = text.bytes()
        if redactor.isClean(bytes) { return String(decoding: bytes, as: UTF8.self) }
        return JSONValue.object(
            JSONObject(tags.map { (name: redactor.mask($0.key), value: JSONValue.string(redactor.mask($0.value))) })
        ).text(canonical: true)
    }

    private static func text(_ gaps: [AssetGap], _ redactor: Redactor) -> String {
        JSONValue.array(
            gaps.map { gap in
                [
                    "call": .string(gap.call), "code": .string(gap.code),
                    "message": .string(redactor.mask(gap.message)),
                ]
            }
        ).text(canonical: true)
    }

    /// A gap's message is left out: AWS puts request ids and times into some, and they would make every sync a change.
    private static func fingerprint(_ hash: [UInt8], _ texts: [String], _ gaps: [AssetGap]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(texts.reduce(hash.count + 64) { $0 + $1.utf8.count })
        bytes += hash
        for text in texts + gaps.flatMap({ [$0.call, $0.code] }) {
            bytes += text.utf8
            bytes.append(0)
        }
        return Array(SHA256.digest(bytes).prefix(16))
    }
}
