public import JSON

extension DynamicMessage {
    /// Reads a message of a type from protobuf's JSON mapping, well-known types included.
    ///
    /// - Parameter ignoresUnknownNames: Whether members and enumeration names that are not declared are left out
    ///   rather than refused.
    public init(
        _ name: String, in pool: DescriptorPool, json: JSONValue, ignoresUnknownNames: Bool = false
    ) throws(WireError) {
        var reader = DynamicJSONReader(pool: pool, ignoresUnknownNames: ignoresUnknownNames)
        self = try reader.message(json, name)
    }

    /// The message in protobuf's canonical JSON mapping.
    ///
    /// - Throws: ``WireError/json(path:problem:)`` where a well-known type holds what the mapping cannot tell.
    public func jsonValue() throws(WireError) -> JSONValue { try DynamicJSONWriter(pool: pool).json(self) }
}
