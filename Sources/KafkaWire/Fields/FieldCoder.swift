/// Goes through the fields of a message in their order on the wire, to read them, to write them, or to count their bytes.
///
/// A message has one list of its fields for all of that, and it reads as the protocol's own table does:
///
/// ```swift
/// try wire.field(&generationID)
/// try wire.field(&groupInstanceID, from: 3)
/// try wire.tags()
/// ```
///
/// A field that the version does not have keeps its value: its default after reading, and what is lost after writing.
package struct FieldCoder {
    let version: Int16
    /// Lengths are compact, and structures end in tagged fields.
    let isFlexible: Bool
    let isReading: Bool
    var reader: WireReader
    var writer: WireWriter

    init(reading reader: WireReader, version: Int16, isFlexible: Bool) {
        self.version = version
        self.isFlexible = isFlexible
        isReading = true
        self.reader = reader
        writer = WireWriter()
    }

    init(writing writer: WireWriter, version: Int16, isFlexible: Bool) {
        self.version = version
        self.isFlexible = isFlexible
        isReading = false
        reader = WireReader(UnsafeRawBufferPointer(start: nil, count: 0))
        self.writer = writer
    }

    func failure(_ defect: WireError.Defect) -> WireError {
        isReading ? reader.failure(defect) : writer.failure(defect)
    }

    /// A field of versions `first` to `last`.
    @inline(__always)
    mutating func field<Value: WireValue>(
        _ value: inout Value, from first: Int16 = 0, upTo last: Int16 = .max
    ) throws(WireError) {
        guard version >= first, version <= last else { return }
        try value.code(&self)
    }

    /// A field of versions `first` to `last`, which may be null from version `nullable` on.
    @inline(__always)
    mutating func field<Value: NullableWireValue>(
        _ value: inout Value?, from first: Int16 = 0, upTo last: Int16 = .max, nullableFrom nullable: Int16 = 0
    ) throws(WireError) {
        guard version >= first, version <= last else { return }
        if !isReading, value == nil, version < nullable { throw failure(.null) }
        try Value.code(&value, &self)
        if isReading, value == nil, version < nullable { throw failure(.null) }
    }

    /// Bytes that a value takes in this version, record data not included.
    func size<Value: WireValue>(of value: Value) throws(WireError) -> Int {
        var value = value
        var counting = FieldCoder(writing: WireWriter(), version: version, isFlexible: isFlexible)
        try value.code(&counting)
        return counting.writer.position
    }
}
