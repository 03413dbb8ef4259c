@testable import KafkaWire

/// Fields of a test's own in a version of its own.
func decode<Value: WireValue>(
    _ type: Value.Type, from bytes: [UInt8], isFlexible: Bool = false, version: Int16 = 0,
    limits: WireLimits = WireLimits()
) throws(WireError) -> Value {
    try WireReader.read(bytes[...], limits: limits) { reader throws(WireError) in
        var wire = FieldCoder(reading: reader, version: version, isFlexible: isFlexible)
        var value = Value()
        try value.code(&wire)
        try wire.reader.expectEnd()
        return value
    }
}

func encode<Value: WireValue>(
    _ value: Value, isFlexible: Bool = false, version: Int16 = 0
) throws(WireError) -> [UInt8] {
    let message = Holder(value: value)
    let frame = try EncodedFrame(
        ResponseHeader(), version: 0, isHeaderFlexible: false, message, version: version, isFlexible: isFlexible)
    return Array(frame.bytes[8...])
}

/// A value alone in a message.
private struct Holder<Value: WireValue>: WireStruct {
    var value = Value()

    init() {}
    init(value: Value) { self.value = value }

    mutating func code(_ wire: inout FieldCoder) throws(WireError) { try wire.field(&value) }
}

/// A value that may be null, alone in a message.
struct Maybe<Value: NullableWireValue>: WireStruct {
    var value: Value?

    init() {}
    init(_ value: Value?) { self.value = value }

    mutating func code(_ wire: inout FieldCoder) throws(WireError) { try wire.field(&value, nullableFrom: 1) }
}

/// Runs `body` and tells what it refuses.
func defect(_ body: () throws(WireError) -> some Any) -> WireError.Defect? {
    do throws(WireError) {
        _ = try body()
        return nil
    } catch {
        return error.defect
    }
}
