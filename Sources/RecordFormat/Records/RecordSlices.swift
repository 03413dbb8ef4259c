/// A record as it lies in a batch: nothing is copied, so it is good only as long as the batch's bytes are.
package struct RecordSlices {
    package let offset: Offset
    package let timestamp: Timestamp
    package let key: UnsafeRawBufferPointer?
    package let value: UnsafeRawBufferPointer?
    package let headerCount: Int
    /// The headers, encoded, of which ``RecordCursor`` has checked each.
    let headerBytes: RecordReader

    /// Takes a record's bytes apart.
    ///
    /// | size            | field            | meaning                                                                   |
    /// |:----------------|:-----------------|:--------------------------------------------------------------------------|
    /// | varint          | `length`         | bytes of the record after this field                                      |
    /// | 1               | `attributes`     | 0; nothing is defined yet, and readers do not look at it                  |
    /// | varlong         | `timestampDelta` | timestamp − `baseTimestamp` of the batch, wrapping; may be negative        |
    /// | varint          | `offsetDelta`    | offset − `baseOffset` of the batch; grows, with gaps after a compaction   |
    /// | varint + bytes  | `key`            | length -1: null                                                           |
    /// | varint + bytes  | `value`          | length -1: null                                                           |
    /// | varint          | `headerCount`    |                                                                           |
    /// | varint + bytes  | header `key`     | UTF-8, never null; bytes that are not UTF-8 read as U+FFFD, as in Java     |
    /// | varint + bytes  | header `value`   | length -1: null                                                           |
    ///
    /// Valid when the parts fill `length` exactly. The batch's timestamp type may say that `timestampDelta` is not used.
    @inline(__always)
    init(
        _ reader: inout RecordReader, header: RecordBatchHeader, above lastDelta: inout Int32
    ) throws(RecordDefect) {
        var body = try reader.nested()
        _ = try body.byte()
        let timestampDelta = try body.varlong()
        let offsetDelta = try body.varint()
        guard offsetDelta > lastDelta, offsetDelta <= header.lastOffsetDelta else { throw .offsetDelta(offsetDelta) }
        lastDelta = offsetDelta
        key = try body.nullableBytes()
        value = try body.nullableBytes()
        let headerCount = try body.varint()
        guard headerCount >= 0 else { throw .negativeLength(headerCount) }
        guard Int(headerCount) <= body.bytesLeft / Self.smallestHeader else { throw .tooManyHeaders(headerCount) }
        headerBytes = body
        for _ in 0..<headerCount {
            _ = try body.bytes()
            _ = try body.nullableBytes()
        }
        guard body.bytesLeft == 0 else { throw .bytesLeft(body.bytesLeft) }
        self.headerCount = Int(headerCount)
        offset = header.baseOffset.advanced(by: Int64(offsetDelta))
        timestamp =
            switch header.attributes.timestampType {
            case .createTime:
                Timestamp(millisecondsSince1970: header.baseTimestamp.millisecondsSince1970 &+ timestampDelta)
            case .logAppendTime: header.maxTimestamp
            }
    }

    /// Bytes of a record without key, value and headers.
    static let smallestRecord = 7
    private static let smallestHeader = 2

    /// The headers, copied.
    package func headers() -> [RecordHeader] {
        if headerCount == 0 { return [] }
        var reader = headerBytes
        var headers: [RecordHeader] = []
        headers.reserveCapacity(headerCount)
        do throws(RecordDefect) {
            for _ in 0..<headerCount {
                let key = String(decoding: try reader.bytes(), as: UTF8.self)
                headers.append(RecordHeader(key: key, value: try reader.nullableBytes().map(Array.init)))
            }
        } catch {
            preconditionFailure("A header of the record at \(offset) was checked, and now it \(error.text)")
        }
        return headers
    }

    /// The record, copied.
    package func storedRecord() -> StoredRecord {
        let record = Record(
            key: key.map(Array.init), value: value.map(Array.init), headers: headers(), timestamp: timestamp)
        return StoredRecord(offset: offset, record: record)
    }
}
