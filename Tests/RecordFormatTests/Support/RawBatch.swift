import RecordFormat

/// A batch put together by hand, for what our builder never writes. Positions stand here a second time on purpose: a test
/// that took them from the codec would agree with its mistakes.
struct RawBatch {
    var bytes: [UInt8]

    /// - Parameter records: the bytes of the records, of which there are `count`.
    init(_ records: [UInt8], count: Int32, lastOffsetDelta: Int32? = nil) {
        bytes = [UInt8](repeating: 0, count: 61) + records
        set(8, Int32(bytes.count - 12))
        set(16, Int8(2))
        set(23, lastOffsetDelta ?? max(0, count - 1))
        set(27, Int64(1000))
        set(35, Int64(2000))
        set(43, Int64(-1))
        set(51, Int16(-1))
        set(53, Int32(-1))
        set(57, count)
        seal()
    }

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func set<T: FixedWidthInteger>(_ position: Int, _ value: T) {
        withUnsafeBytes(of: value.bigEndian) { bytes.replaceSubrange(position..<(position + $0.count), with: $0) }
    }

    /// Makes the CRC fit, so that what comes after its check is tested.
    mutating func seal() { set(17, bytes[21...].withUnsafeBytes { crc32c($0) }) }

    /// Puts a value at a position and makes the CRC fit again.
    func with<T: FixedWidthInteger>(_ position: Int, _ value: T) -> RawBatch {
        var copy = self
        copy.set(position, value)
        copy.seal()
        return copy
    }

    func decoded() throws -> [StoredRecord] {
        try bytes.withUnsafeBytes { try decodeRecords($0) }
    }

    func header() throws -> RecordBatchHeader {
        try bytes.withUnsafeBytes { try RecordBatchHeader(decoding: $0) }
    }

    /// What decoding says is wrong.
    func error() -> RecordFormatError? {
        bytes.withUnsafeBytes { batch in
            do throws(RecordFormatError) {
                _ = try decodeRecords(batch)
                return nil
            } catch {
                return error
            }
        }
    }
}
