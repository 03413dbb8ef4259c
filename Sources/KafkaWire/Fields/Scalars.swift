extension WireValue where Self: FixedWidthInteger {
    @inline(__always)
    package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
        if wire.isReading { self = try wire.reader.integer() } else { wire.writer.integer(self) }
    }
}

extension Int8: WireValue {}
extension Int16: WireValue {}
extension Int32: WireValue {}
extension Int64: WireValue {}

extension Bool: WireValue {
    package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
        if wire.isReading {
            self = try wire.reader.integer(UInt8.self) != 0
        } else {
            wire.writer.integer(UInt8(self ? 1 : 0))
        }
    }
}

extension Double: WireValue {
    package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
        if wire.isReading {
            self = Double(bitPattern: try wire.reader.integer())
        } else {
            wire.writer.integer(bitPattern)
        }
    }
}

extension WireUUID: WireValue {
    package init() { self.init(high: 0, low: 0) }

    package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
        if wire.isReading {
            high = try wire.reader.integer()
            low = try wire.reader.integer()
        } else {
            wire.writer.integer(high)
            wire.writer.integer(low)
        }
    }
}

extension ErrorCode: WireValue {
    package init() { self = .none }

    /// A code that we do not know is read as ``unknownServerError``, as Kafka's clients do.
    package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
        if wire.isReading {
            self = ErrorCode(rawValue: try wire.reader.integer()) ?? .unknownServerError
        } else {
            wire.writer.integer(rawValue)
        }
    }
}
