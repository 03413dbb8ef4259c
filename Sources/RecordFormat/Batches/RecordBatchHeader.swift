/// The first 61 bytes of a record batch, big-endian: Kafka's format version 2, byte for byte (DESIGN D1).
///
/// | at | size | field                  | meaning                                                                   |
/// |---:|-----:|:-----------------------|:--------------------------------------------------------------------------|
/// |  0 |    8 | `baseOffset`           | what the records' offset deltas count from; given by the broker           |
/// |  8 |    4 | `batchLength`          | bytes after this field, at least 49                                       |
/// | 12 |    4 | `partitionLeaderEpoch` | given by the broker                                                       |
/// | 16 |    1 | `magic`                | 2                                                                         |
/// | 17 |    4 | `crc`                  | CRC-32C of byte 21 to the end, so the broker's fields change without it   |
/// | 21 |    2 | `attributes`           | ``RecordBatchAttributes``                                                 |
/// | 23 |    4 | `lastOffsetDelta`      | last offset − base offset; a compaction keeps it                          |
/// | 27 |    8 | `baseTimestamp`        | what the records' timestamp deltas count from                             |
/// | 35 |    8 | `maxTimestamp`         | latest timestamp; with append time, the timestamp of every record         |
/// | 43 |    8 | `producerID`           | -1: none                                                                  |
/// | 51 |    2 | `producerEpoch`        | -1: none                                                                  |
/// | 53 |    4 | `baseSequence`         | producer's number of the first record; -1: none                           |
/// | 57 |    4 | `recordCount`          | 0 only after a compaction                                                 |
/// | 61 |      | records                | as ``RecordSlices`` has them, or all of them compressed as one block      |
///
/// Valid when the magic is 2, the codec is known, every offset up to the one after the last fits its type, and no more
/// records are counted than there are offsets and, uncompressed, bytes for them. Whether the CRC fits is another question,
/// which only the whole batch can answer: ``validate(_:)``.
package struct RecordBatchHeader: Equatable, Sendable {
    package static let encodedSize = 61
    package static let magic: UInt8 = 2

    package var baseOffset: Offset
    package var batchLength: Int32
    package var partitionLeaderEpoch: Int32
    package var crc: UInt32
    package var attributes: RecordBatchAttributes
    package var lastOffsetDelta: Int32
    package var baseTimestamp: Timestamp
    package var maxTimestamp: Timestamp
    package var producerID: Int64
    package var producerEpoch: Int16
    package var baseSequence: Int32
    package var recordCount: Int32

    /// Where each field stands, for decoding, encoding and stamping alike.
    private enum At {
        static let baseOffset = 0
        static let batchLength = 8
        static let partitionLeaderEpoch = 12
        static let magic = 16
        static let crc = 17
        static let attributes = 21
        static let lastOffsetDelta = 23
        static let baseTimestamp = 27
        static let maxTimestamp = 35
        static let producerID = 43
        static let producerEpoch = 51
        static let baseSequence = 53
        static let recordCount = 57
    }

    /// Bytes before those that `batchLength` counts.
    @usableFromInline static let sizeBeforeLength = 12

    /// A header of a batch without producer, as ``RecordBatchBuilder`` makes them: base offset 0, no codec, CRC still 0.
    init(totalSize: Int32, recordCount: Int32, baseTimestamp: Timestamp, maxTimestamp: Timestamp) {
        baseOffset = .zero
        batchLength = totalSize - Int32(Self.sizeBeforeLength)
        // Unknown, until the broker stamps it.
        partitionLeaderEpoch = -1
        crc = 0
        attributes = RecordBatchAttributes(rawValue: 0)
        lastOffsetDelta = recordCount - 1
        self.baseTimestamp = baseTimestamp
        self.maxTimestamp = maxTimestamp
        producerID = -1
        producerEpoch = -1
        baseSequence = -1
        self.recordCount = recordCount
    }

    /// Decodes and checks the header at the start of `bytes`, which may end in the middle of the records. No CRC.
    package init(decoding bytes: UnsafeRawBufferPointer) throws(RecordFormatError) {
        self = try Self.fields(of: bytes)
        try checkFields()
    }

    private static func fields(of bytes: UnsafeRawBufferPointer) throws(RecordFormatError) -> RecordBatchHeader {
        guard bytes.count >= encodedSize else {
            throw RecordFormatError(
                .incomplete, "\(bytes.count) bytes are too few for a batch header of \(encodedSize).")
        }
        guard bytes[At.magic] == magic else {
            throw RecordFormatError(.unsupportedMagic, "Batch has magic \(bytes[At.magic]), not \(magic).")
        }
        return RecordBatchHeader(fieldsOf: bytes)
    }

    private func checkFields() throws(RecordFormatError) {
        if let defect {
            throw RecordFormatError(.invalidHeader, "Batch at offset \(baseOffset) has \(text(of: defect)).")
        }
    }

    /// The header of the batch that `bytes` begin with, if it is all there, valid, and its CRC fits; `nil` does not say why not.
    ///
    /// The quick way to what ``validate(_:)`` says of a batch that is cut to its size.
    package init?(soundAtStartOf bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.encodedSize, bytes[At.magic] == Self.magic else { return nil }
        self.init(fieldsOf: bytes)
        guard defect == nil, totalSize <= bytes.count,
            crc == Self.checksum(of: UnsafeRawBufferPointer(rebasing: bytes[..<totalSize]))
        else { return nil }
    }

    /// Decodes without a check. There must be enough bytes.
    @inline(__always)
    private init(fieldsOf bytes: UnsafeRawBufferPointer) {
        func field<T: FixedWidthInteger>(_ position: Int, _ type: T.Type = T.self) -> T {
            T(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: T.self))
        }
        baseOffset = Offset(field(At.baseOffset))
        batchLength = field(At.batchLength)
        partitionLeaderEpoch = field(At.partitionLeaderEpoch)
        crc = field(At.crc)
        attributes = RecordBatchAttributes(rawValue: field(At.attributes))
        lastOffsetDelta = field(At.lastOffsetDelta)
        baseTimestamp = Timestamp(millisecondsSince1970: field(At.baseTimestamp))
        maxTimestamp = Timestamp(millisecondsSince1970: field(At.maxTimestamp))
        producerID = field(At.producerID)
        producerEpoch = field(At.producerEpoch)
        baseSequence = field(At.baseSequence)
        recordCount = field(At.recordCount)
    }

    private enum Defect {
        case baseOffset, lastOffsetDelta, batchLength, recordCount, codec, tooManyRecords
    }

    @inline(__always)
    private var defect: Defect? {
        let (last, overflows) = baseOffset.rawValue.addingReportingOverflow(Int64(lastOffsetDelta))
        if baseOffset.rawValue < 0 || overflows || last == Int64.max { return .baseOffset }
        // Int32.max would make the number of its offsets overflow an int32.
        if lastOffsetDelta < 0 || lastOffsetDelta == Int32.max { return .lastOffsetDelta }
        if recordBytes < 0 { return .batchLength }
        if recordCount < 0 || recordCount > lastOffsetDelta + 1 { return .recordCount }
        guard let codec = attributes.codec else { return .codec }
        if codec == .uncompressed, Int(recordCount) > recordBytes / RecordSlices.smallestRecord {
            return .tooManyRecords
        }
        return nil
    }

    private func text(of defect: Defect) -> String {
        switch defect {
        case .baseOffset: "a base offset out of range"
        case .lastOffsetDelta: "last offset delta \(lastOffsetDelta)"
        case .batchLength: "batch length \(batchLength)"
        case .recordCount: "\(recordCount) records and last offset delta \(lastOffsetDelta)"
        case .codec: "attributes \(attributes.rawValue), an unknown codec"
        case .tooManyRecords: "\(recordCount) records in \(recordBytes) bytes"
        }
    }

    private var recordBytes: Int { Int(batchLength) + Self.sizeBeforeLength - Self.encodedSize }

    /// Bytes of the whole batch.
    @inlinable package var totalSize: Int { Int(batchLength) + Self.sizeBeforeLength }
    /// The offset of the last record, also when a compaction has removed that record.
    @inlinable package var lastOffset: Offset { baseOffset.advanced(by: Int64(lastOffsetDelta)) }
    /// Base offset of the batch that follows.
    @inlinable package var nextOffset: Offset { baseOffset.advanced(by: Int64(lastOffsetDelta) + 1) }

    /// Checks a whole batch: its header, that it has exactly the size the header gives, and its CRC. Not the records.
    ///
    /// A batch of the right size is `.checksumMismatch` rather than `.invalidHeader` where it is both: what was damaged on its way
    /// can be sent again.
    package static func validate(
        _ wholeBatch: UnsafeRawBufferPointer
    ) throws(RecordFormatError) -> RecordBatchHeader {
        let header = try fields(of: wholeBatch)
        if wholeBatch.count == header.totalSize { try header.checkChecksum(of: wholeBatch) }
        try header.checkFields()
        guard wholeBatch.count == header.totalSize else {
            throw RecordFormatError(
                .sizeMismatch,
                "Batch at offset \(header.baseOffset) has \(header.totalSize) bytes by its header, but \(wholeBatch.count) are here."
            )
        }
        return header
    }

    /// Checks that the CRC fits the batch, which has exactly the size that this header gives.
    package func checkChecksum(of wholeBatch: UnsafeRawBufferPointer) throws(RecordFormatError) {
        let computed = Self.checksum(of: wholeBatch)
        guard computed == crc else {
            throw RecordFormatError(
                .checksumMismatch,
                "Batch at offset \(baseOffset) has CRC \(Self.hexadecimal(crc)), computed \(Self.hexadecimal(computed))."
            )
        }
    }

    private static func checksum(of wholeBatch: UnsafeRawBufferPointer) -> UInt32 {
        crc32c(UnsafeRawBufferPointer(rebasing: wholeBatch[At.attributes...]))
    }

    /// CRC-32C of what comes before a batch, which is `continuing`, and the batch.
    ///
    /// The batch's own CRC must fit: a large batch is not read again for this one.
    package func checksum(of wholeBatch: UnsafeRawBufferPointer, continuing: UInt32) -> UInt32 {
        precondition(wholeBatch.count == totalSize, "A batch of \(totalSize) bytes came in \(wholeBatch.count)")
        // Below this size, reading it again is as fast.
        if wholeBatch.count < 4 << 10 { return crc32c(wholeBatch, continuing: continuing) }
        let before = crc32c(UnsafeRawBufferPointer(rebasing: wholeBatch[..<At.attributes]), continuing: continuing)
        return crc32cCombine(before, crc, secondCount: wholeBatch.count - At.attributes)
    }

    private static func hexadecimal(_ crc: UInt32) -> String {
        let digits = String(crc, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// Writes the header and, from the records that already stand behind it, the CRC.
    func encode(into wholeBatch: UnsafeMutableRawBufferPointer) {
        precondition(wholeBatch.count == totalSize, "A batch of \(totalSize) bytes was put into \(wholeBatch.count)")
        func put<T: FixedWidthInteger>(_ value: T, _ position: Int) {
            wholeBatch.storeBytes(of: value.bigEndian, toByteOffset: position, as: T.self)
        }
        put(batchLength, At.batchLength)
        put(Self.magic, At.magic)
        put(attributes.rawValue, At.attributes)
        put(lastOffsetDelta, At.lastOffsetDelta)
        put(baseTimestamp.millisecondsSince1970, At.baseTimestamp)
        put(maxTimestamp.millisecondsSince1970, At.maxTimestamp)
        put(producerID, At.producerID)
        put(producerEpoch, At.producerEpoch)
        put(baseSequence, At.baseSequence)
        put(recordCount, At.recordCount)
        put(Self.checksum(of: UnsafeRawBufferPointer(wholeBatch)), At.crc)
        Self.stamp(baseOffset: baseOffset, leaderEpoch: partitionLeaderEpoch, into: wholeBatch)
    }

    /// Writes the two fields that a broker gives to a batch. The CRC does not cover them and still fits.
    package static func stamp(baseOffset: Offset, leaderEpoch: Int32, into batch: UnsafeMutableRawBufferPointer) {
        precondition(batch.count >= encodedSize, "\(batch.count) bytes are no batch to stamp")
        batch.storeBytes(of: baseOffset.rawValue.bigEndian, toByteOffset: At.baseOffset, as: Int64.self)
        batch.storeBytes(of: leaderEpoch.bigEndian, toByteOffset: At.partitionLeaderEpoch, as: Int32.self)
    }
    /// Gives all records of a whole batch the broker's time, as Kafka does: the timestamp type and `maxTimestamp` say it, and the
    /// CRC is made to fit again if it fitted before. The records are not read.
    package static func stamp(appendTime: Timestamp, into wholeBatch: UnsafeMutableRawBufferPointer) {
        precondition(wholeBatch.count >= encodedSize, "\(wholeBatch.count) bytes are no batch to stamp")
        let end = At.producerID
        let tailCount = wholeBatch.count - end
        func head() -> UInt32 { crc32c(UnsafeRawBufferPointer(rebasing: wholeBatch[At.attributes..<end])) }
        func put<T: FixedWidthInteger>(_ value: T, _ position: Int) {
            wholeBatch.storeBytes(of: value.bigEndian, toByteOffset: position, as: T.self)
        }
        let crc = UInt32(bigEndian: wholeBatch.loadUnaligned(fromByteOffset: At.crc, as: UInt32.self))
        // Takes the head out of the sum; what is left is the tail's.
        let tail = crc32cCombine(head(), crc, secondCount: tailCount)
        let attributes = Int16(bigEndian: wholeBatch.loadUnaligned(fromByteOffset: At.attributes, as: Int16.self))
        put(attributes | 1 << 3, At.attributes)
        put(appendTime.millisecondsSince1970, At.maxTimestamp)
        put(crc32cCombine(head(), tail, secondCount: tailCount), At.crc)
    }
}
