/// Writes Kafka's primitive types, as ``WireReader`` has them, into memory of the size that a first, counting pass has found.
package struct WireWriter {
    /// Longest string and longest array of bytes that have a length.
    static let longestString = Int(Int16.max)
    static let longestArray = Int(Int32.max)

    /// `nil` while bytes are only counted.
    private let memory: UnsafeMutableRawBufferPointer?
    /// Bytes written or counted, record data not included.
    private(set) var position = 0
    /// Where record data belongs between the bytes.
    private(set) var places: [RecordsPlace] = []
    private var recordFields = 0

    /// Counts bytes.
    init() { memory = nil }

    init(into memory: UnsafeMutableRawBufferPointer) { self.memory = memory }

    func failure(_ defect: WireError.Defect) -> WireError { WireError(defect, at: position) }

    @inline(__always)
    mutating func integer<Value: FixedWidthInteger>(_ value: Value) {
        let end = position + MemoryLayout<Value>.size
        if let memory {
            precondition(end <= memory.count, "Counted \(memory.count) bytes, and writes byte \(end)")
            memory.storeBytes(of: value.bigEndian, toByteOffset: position, as: Value.self)
        }
        position = end
    }

    @inline(__always)
    mutating func unsignedVarint(_ value: UInt32) {
        var rest = value
        while rest >= 0x80 {
            integer(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        integer(UInt8(truncatingIfNeeded: rest))
    }

    /// A length or a count; `nil` is null.
    /// - Parameter prefix: the type of a length that is not compact.
    @inline(__always)
    mutating func length<Prefix: FixedWidthInteger & SignedInteger>(
        _ length: Int?, _ prefix: Prefix.Type, isCompact: Bool
    ) throws(WireError) {
        if let length, length > Int(Prefix.max) { throw failure(.tooLong(length, limit: Int(Prefix.max))) }
        if isCompact {
            unsignedVarint(length.map { UInt32($0) + 1 } ?? 0)
        } else {
            integer(length.map { Prefix($0) } ?? -1)
        }
    }

    @inline(__always)
    mutating func copy(_ bytes: UnsafeRawBufferPointer) {
        if let memory, !bytes.isEmpty {
            // Rebasing checks the bounds.
            UnsafeMutableRawBufferPointer(rebasing: memory[position..<(position + bytes.count)]).copyMemory(from: bytes)
        }
        position += bytes.count
    }

    mutating func string(_ text: String?, isCompact: Bool) throws(WireError) {
        guard var text else { return try length(nil, Int16.self, isCompact: isCompact) }
        try length(text.utf8.count, Int16.self, isCompact: isCompact)
        text.withUTF8 { copy(UnsafeRawBufferPointer($0)) }
    }

    /// The length of record data, and the place for it.
    mutating func records(_ records: RecordsRange?, isCompact: Bool) throws(WireError) {
        try length(records?.count, Int32.self, isCompact: isCompact)
        if let records, records.count > 0 {
            places.append(RecordsPlace(index: recordFields, position: position, count: records.count))
        }
        recordFields += 1
    }

    /// Writes over a byte that was left for later.
    mutating func patch(_ byte: UInt8, at position: Int) {
        if let memory { memory[position] = byte }
    }
}
