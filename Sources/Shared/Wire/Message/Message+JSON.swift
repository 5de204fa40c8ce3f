public import JSON

extension Message {
    /// Reads protobuf's JSON mapping: lower camel case or the `.proto`'s own names, 64-bit integers as strings or
    /// numbers, enumerations by name or number.
    ///
    /// - Parameter ignoresUnknownNames: Whether members that are no field are left out rather than refused.
    public init(json: JSONValue, ignoresUnknownNames: Bool = false) throws(WireError) {
        self.init()
        var reader = JSONFieldReader(ignoresUnknownNames: ignoresUnknownNames)
        try decode(json: json, from: &reader)
    }

    /// The message in protobuf's canonical JSON mapping, as text.
    public func jsonText(pretty: Bool = false) -> String { jsonValue().text(pretty: pretty) }

    public func jsonValue() -> JSONValue {
        var message = self
        var writer = JSONFieldWriter(unknown: unknownFields)
        message.visit(&writer)
        return .object(writer.object)
    }

    public mutating func decode(json: JSONValue, from reader: inout JSONFieldReader) throws(WireError) {
        try reader.read(json, into: &self)
    }
}
