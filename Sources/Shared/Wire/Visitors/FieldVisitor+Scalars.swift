// Each kind of scalar under a plain name. A field's name in Swift is free; number and name here are the contract.

extension FieldVisitor where Self: ~Copyable {
    @inlinable @inline(__always)
    public mutating func string(_ number: Int32, _ name: StaticString, _ value: inout String) throws(WireError) {
        try singular(number, name, &value, StringCodec.self)
    }

    @inlinable @inline(__always)
    public mutating func bytes(_ number: Int32, _ name: StaticString, _ value: inout [UInt8]) throws(WireError) {
        try singular(number, name, &value, BytesCodec.self)
    }

    @inlinable @inline(__always)
    public mutating func bool(_ number: Int32, _ name: StaticString, _ value: inout Bool) throws(WireError) {
        try singular(number, name, &value, BoolCodec.self)
    }

    @inlinable @inline(__always)
    public mutating func int32(_ number: Int32, _ name: StaticString, _ value: inout Int32) throws(WireError) {
        try singular(number, name, &value, Int32Codec.self)
    }

    @inlinable @inline(__always)
    public mutating func int64(_ number: Int32, _ name: StaticString, _ value: inout Int64) throws(WireError) {
        try singular(number, name, &value, Int64Codec.self)
    }

    @inlinable @inline(__always)
    public mutating func uint32(_ number: Int32, _ name: StaticString, _ value: inout UInt32) throws(WireError) {
        try singular(number, name, &value, UInt32Codec.self)
    }

    @inlinable @inline(__always)
    public mutating func uint64(_ number: Int32, _ name: StaticString, _ value: inout UInt64) throws(WireError) {
        try singular(number, name, &value, UInt64Codec.self)
    }

    @inlinable @inline(__always)
    public mutating func double(_ number: Int32, _ name: StaticString, _ value: inout Double) throws(WireError) {
        try singular(number, name, &value, DoubleCodec.self)
    }

    @inlinable @inline(__always)
    public mutating func float(_ number: Int32, _ name: StaticString, _ value: inout Float) throws(WireError) {
        try singular(number, name, &value, FloatCodec.self)
    }

    @inlinable @inline(__always)
    public mutating func optionalString(_ number: Int32, _ name: StaticString, _ value: inout String?) throws(WireError)
    {
        try optional(number, name, &value, StringCodec.self)
    }

    @inlinable @inline(__always)
    public mutating func optionalBytes(_ number: Int32, _ name: StaticString, _ value: inout [UInt8]?) throws(WireError)
    {
        try optional(number, name, &value, BytesCodec.self)
    }

    @inlinable @inline(__always)
    public mutating func optionalBool(_ number: Int32, _ name: StaticString, _ value: inout Bool?) throws(WireError) {
        try optional(number, name, &value, BoolCodec.self)
    }

    @inlinable @inline(__always)
    public mutating func optionalInt32(_ number: Int32, _ name: StaticString, _ value: inout Int32?) throws(WireError) {
        try optional(number, name, &value, Int32Codec.self)
    }

    @inlinable @inline(__always)
    public mutating func optionalInt64(_ number: Int32, _ name: StaticString, _ value: inout Int64?) throws(WireError) {
        try optional(number, name, &value, Int64Codec.self)
    }

    @inlinable @inline(__always)
    public mutating func optionalUint32(_ number: Int32, _ name: StaticString, _ value: inout UInt32?) throws(WireError)
    {
        try optional(number, name, &value, UInt32Codec.self)
    }

    @inlinable @inline(__always)
    public mutating func optionalUint64(_ number: Int32, _ name: StaticString, _ value: inout UInt64?) throws(WireError)
    {
        try optional(number, name, &value, UInt64Codec.self)
    }

    @inlinable @inline(__always)
    public mutating func optionalDouble(_ number: Int32, _ name: StaticString, _ value: inout Double?) throws(WireError)
    {
        try optional(number, name, &value, DoubleCodec.self)
    }

    @inlinable @inline(__always)
    public mutating func optionalFloat(_ number: Int32, _ name: StaticString, _ value: inout Float?) throws(WireError) {
        try optional(number, name, &value, FloatCodec.self)
    }

    @inlinable @inline(__always)
    public mutating func repeated(_ number: Int32, _ name: StaticString, _ value: inout [String]) throws(WireError) {
        try list(number, name, &value, StringCodec.self)
    }

    @inlinable @inline(__always)
    public mutating func repeated(_ number: Int32, _ name: StaticString, _ value: inout [[UInt8]]) throws(WireError) {
        try list(number, name, &value, BytesCodec.self)
    }

    @inlinable @inline(__always)
    public mutating func repeated(_ number: Int32, _ name: StaticString, _ value: inout [Bool]) throws(WireError) {
        try list(number, name, &value, BoolCodec.self)
    }

    @inlinable @inline(__always)
    public mutating func repeated(_ number: Int32, _ name: StaticString, _ value: inout [Int32]) throws(WireError) {
        try list(number, name, &value, Int32Codec.self)
    }

    @inlinable @inline(__always)
    public mutating func repeated(_ number: Int32, _ name: StaticString, _ value: inout [Int64]) throws(WireError) {
        try list(number, name, &value, Int64Codec.self)
    }

    @inlinable @inline(__always)
    public mutating func repeated(_ number: Int32, _ name: StaticString, _ value: inout [UInt32]) throws(WireError) {
        try list(number, name, &value, UInt32Codec.self)
    }

    @inlinable @inline(__always)
    public mutating func repeated(_ number: Int32, _ name: StaticString, _ value: inout [UInt64]) throws(WireError) {
        try list(number, name, &value, UInt64Codec.self)
    }

    @inlinable @inline(__always)
    public mutating func repeated(_ number: Int32, _ name: StaticString, _ value: inout [Double]) throws(WireError) {
        try list(number, name, &value, DoubleCodec.self)
    }

    @inlinable @inline(__always)
    public mutating func repeated(_ number: Int32, _ name: StaticString, _ value: inout [Float]) throws(WireError) {
        try list(number, name, &value, FloatCodec.self)
    }

    @inlinable @inline(__always)
    public mutating func map(_ number: Int32, _ name: StaticString, _ value: inout [String: String]) throws(WireError) {
        try map(number, name, &value, StringCodec.self, StringCodec.self)
    }

    @inlinable @inline(__always)
    public mutating func map(_ number: Int32, _ name: StaticString, _ value: inout [String: Int64]) throws(WireError) {
        try map(number, name, &value, StringCodec.self, Int64Codec.self)
    }

    /// A member of a oneof that is kept as an enumeration with associated values.
    ///
    /// - Parameters:
    ///   - wrap: The enumeration's case for this member.
    ///   - unwrap: The member's value if it is the one that is set.
    ///   - visit: Hands the member on, by an `optional…` method or as a message.
    @inlinable @inline(__always)
    public mutating func oneof<Choice, T>(
        _ choice: inout Choice?, _ wrap: (T) -> Choice, _ unwrap: (Choice) -> T?,
        _ visit: (inout Self, inout T?) throws(WireError) -> Void
    ) throws(WireError) {
        var value = choice.flatMap(unwrap)
        try visit(&self, &value)
        if Self.changesFields, let value { choice = wrap(value) }
    }
}
