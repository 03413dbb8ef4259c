import RecordFormat

/// The header of a batch that nobody has made, with what a test says and the usual for the rest.
func header(
    base: Int64 = 0, records: Int32 = 1, offsets: Int32? = nil, size: Int32 = 100, maxTimestamp: Int64 = 0,
    producer: Int64 = -1, epoch: Int16 = 0, sequence: Int32 = -1, attributes: Int16 = 0
) throws -> RecordBatchHeader {
    var bytes = [UInt8](repeating: 0, count: Int(RecordBatchHeader.encodedSize))
    func put<T: FixedWidthInteger>(_ value: T, _ position: Int) {
        withUnsafeBytes(of: value.bigEndian) {
            bytes.replaceSubrange(position..<(position + MemoryLayout<T>.size), with: $0)
        }
    }
    put(base, 0)
    put(size - 12, 8)
    put(RecordBatchHeader.magic, 16)
    put(attributes, 21)
    put((offsets ?? max(1, records)) - 1, 23)
    put(maxTimestamp, 35)
    put(producer, 43)
    put(epoch, 51)
    put(sequence, 53)
    put(records, 57)
    return try bytes.withUnsafeBytes { try RecordBatchHeader(decoding: $0) }
}

func time(_ milliseconds: Int64) -> Timestamp { Timestamp(millisecondsSince1970: milliseconds) }
