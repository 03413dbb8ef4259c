extension String: NullableWireValue {
    package static func code(_ text: inout String?, _ wire: inout FieldCoder) throws(WireError) {
        if wire.isReading {
            text = try wire.reader.string(isCompact: wire.isFlexible)
        } else {
            try wire.writer.string(text, isCompact: wire.isFlexible)
        }
    }

    package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
        if wire.isReading {
            guard let text = try wire.reader.string(isCompact: wire.isFlexible) else { throw wire.failure(.null) }
            self = text
        } else {
            try wire.writer.string(self, isCompact: wire.isFlexible)
        }
    }
}

extension Array: WireValue, NullableWireValue where Element: WireValue {
    package static func code(_ elements: inout [Element]?, _ wire: inout FieldCoder) throws(WireError) {
        if wire.isReading {
            guard let count = try wire.reader.length(Int32.self, isCompact: wire.isFlexible) else {
                elements = nil
                return
            }
            elements = try Element.read(count, &wire)
        } else {
            try wire.writer.length(elements?.count, Int32.self, isCompact: wire.isFlexible)
            if let elements { try Element.write(elements, &wire) }
        }
    }

    package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
        if wire.isReading {
            guard let count = try wire.reader.length(Int32.self, isCompact: wire.isFlexible) else {
                throw wire.failure(.null)
            }
            self = try Element.read(count, &wire)
        } else {
            try wire.writer.length(count, Int32.self, isCompact: wire.isFlexible)
            try Element.write(self, &wire)
        }
    }
}

/// Bytes have the same form as an array of them, but are copied in one go, and are no elements that count.
extension UInt8: WireValue {
    package static func read(_ count: Int, _ wire: inout FieldCoder) throws(WireError) -> [UInt8] {
        Array(try wire.reader.take(count))
    }

    package static func write(_ bytes: [UInt8], _ wire: inout FieldCoder) throws(WireError) {
        bytes.withUnsafeBytes { wire.writer.copy($0) }
    }
}

extension RecordsRange: NullableWireValue {
    package static func code(_ records: inout RecordsRange?, _ wire: inout FieldCoder) throws(WireError) {
        if wire.isReading {
            guard let count = try wire.reader.length(Int32.self, isCompact: wire.isFlexible) else {
                records = nil
                return
            }
            records = RecordsRange(position: wire.reader.position, count: count)
            _ = try wire.reader.take(count)
        } else {
            try wire.writer.records(records, isCompact: wire.isFlexible)
        }
    }

    package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
        var records: RecordsRange? = self
        try Self.code(&records, &wire)
        guard let records else { throw wire.failure(.null) }
        self = records
    }
}
