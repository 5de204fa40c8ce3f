public import Wire

extension Access {
    /// Number of the extension of `google.protobuf.MethodOptions` that carries an ``Access``.
    public static let extensionNumber: Int32 = 50_051

    /// Who may call a method, by its options; nil where nothing is said, so that nobody may.
    public init?(_ options: MethodOptions) throws(WireError) {
        guard let bytes = options.unknownFields.bytes(of: Self.extensionNumber) else { return nil }
        try self.init(decoding: bytes)
    }
}
