package import RecordFormat

/// `%020d.seal`: written when a segment is full and synced, before the next one exists. 100 bytes, big-endian.
///
/// Valid when the checksum fits, and topic, partition and base offset are those of the folder and the file's name. It
/// covers what a batch's own CRC does not: the 12 bytes before it, and files that were swapped or are stale.
///
/// | at | size | field                | meaning                                               |
/// |---:|-----:|:---------------------|:------------------------------------------------------|
/// |  0 |    4 | `checksum`           | CRC-32C of bytes 4…99                                 |
/// |  4 |    2 | `version`            | 2; 1 ends at byte 71                                  |
/// |  6 |    2 | `flags`              | 1: a compaction has been over it (``isCompacted``)    |
/// |  8 |   16 | `topicID`            |                                                       |
/// | 24 |    4 | `partition`          |                                                       |
/// | 28 |    4 | `logChecksum`        | CRC-32C of the whole `.log`                           |
/// | 32 |    8 | `baseOffset`         |                                                       |
/// | 40 |    8 | `nextOffset`         | base offset of the segment that follows               |
/// | 48 |    8 | `logSize`            | bytes of the `.log`                                   |
/// | 56 |    8 | `smallestAppendTime` | ms since 1970, by the broker's clock                  |
/// | 64 |    8 | `largestAppendTime`  | the same; never below the smallest                    |
/// | 72 |    8 | `largestTimestamp`   | of the records, by their producers; -1: none has one  |
/// | 80 |    4 | `indexChecksum`      | ``SegmentIndexes/checksum(of:)``                      |
/// | 84 |    4 | `indexFlags`         | 1: the two fields before are known; 2: some batch is of a producer with an id |
/// | 88 |   12 | `fingerprint`        | ``SegmentFingerprint`` of the `.log`                  |
package struct SegmentSeal: Sendable, Equatable {
    /// What the seal says of the segment's indexes, which a rotten index file cannot say of itself.
    package struct Indexes: Sendable, Equatable {
        package let checksum: UInt32
        package let largestTimestamp: Timestamp?
        package let hasProducers: Bool

        package init(checksum: UInt32, largestTimestamp: Timestamp?, hasProducers: Bool) {
            self.checksum = checksum
            self.largestTimestamp = largestTimestamp
            self.hasProducers = hasProducers
        }
    }

    package static let encodedSize = 100
    private static let firstVersionSize = 72
    private static let version: UInt16 = 2

    package var topicID: Identifier
    package var partition: Int32
    package var logChecksum: UInt32
    package var baseOffset: Offset
    package var nextOffset: Offset
    package var logSize: Int64
    package var smallestAppendTime: Timestamp
    package var largestAppendTime: Timestamp
    /// A compaction has been over this segment and all before it: no key has two records in them. Without the flag it is looked
    /// at once more, which costs time and changes nothing.
    package var isCompacted = false
    /// `nil`: whoever needs the indexes walks the segment.
    package var indexes: Indexes?
    package var fingerprint: SegmentFingerprint?

    package init(
        topicID: Identifier, partition: Int32, logChecksum: UInt32, baseOffset: Offset, nextOffset: Offset,
        logSize: Int64,
        smallestAppendTime: Timestamp, largestAppendTime: Timestamp, indexes: Indexes? = nil,
        fingerprint: SegmentFingerprint? = nil
    ) {
        self.topicID = topicID
        self.partition = partition
        self.logChecksum = logChecksum
        self.baseOffset = baseOffset
        self.nextOffset = nextOffset
        self.logSize = logSize
        self.smallestAppendTime = smallestAppendTime
        self.largestAppendTime = largestAppendTime
        self.indexes = indexes
        self.fingerprint = fingerprint
    }

    package var encoded: [UInt8] {
        var writer = FieldWriter(reserving: Self.encodedSize)
        writer.append(UInt32(0))
        writer.append(Self.version)
        writer.append(UInt16(isCompacted ? 1 : 0))
        writer.append(topicID.bytes)
        writer.append(partition)
        writer.append(logChecksum)
        writer.append(baseOffset.rawValue)
        writer.append(nextOffset.rawValue)
        writer.append(logSize)
        writer.append(smallestAppendTime.millisecondsSince1970)
        writer.append(largestAppendTime.millisecondsSince1970)
        writer.append(indexes?.largestTimestamp?.millisecondsSince1970 ?? -1)
        writer.append(indexes?.checksum ?? 0)
        writer.append(UInt32(indexes.map { $0.hasProducers ? 3 : 1 } ?? 0))
        writer.append(fingerprint)
        writer.put(checksum(of: writer.bytes[4...]), at: 0)
        return writer.bytes
    }

    /// - Returns: `nil` if the bytes are not a valid seal.
    package init?(decoding bytes: [UInt8]) {
        guard bytes.count == Self.encodedSize || bytes.count == Self.firstVersionSize else { return nil }
        var reader = FieldReader(bytes[...])
        guard reader.next(UInt32.self) == checksum(of: bytes[4...]),
            reader.next(UInt16.self) == (bytes.count == Self.encodedSize ? Self.version : 1)
        else { return nil }
        isCompacted = reader.next(UInt16.self) & 1 != 0
        guard let topicID = Identifier(reader.next(count: 16)) else { return nil }
        self.topicID = topicID
        partition = reader.next()
        logChecksum = reader.next()
        baseOffset = Offset(reader.next())
        nextOffset = Offset(reader.next())
        logSize = reader.next()
        smallestAppendTime = Timestamp(millisecondsSince1970: reader.next())
        largestAppendTime = Timestamp(millisecondsSince1970: reader.next())
        if bytes.count == Self.encodedSize {
            let largestTimestamp = reader.next(Int64.self)
            let checksum = reader.next(UInt32.self)
            let flags = reader.next(UInt32.self)
            if flags & 1 != 0 {
                indexes = Indexes(
                    checksum: checksum,
                    largestTimestamp: largestTimestamp < 0 ? nil : Timestamp(millisecondsSince1970: largestTimestamp),
                    hasProducers: flags & 2 != 0)
            }
            fingerprint = reader.nextFingerprint()
        }
        guard logSize >= 0, baseOffset.rawValue >= 0, nextOffset >= baseOffset, largestAppendTime >= smallestAppendTime
        else {
            return nil
        }
    }
}

/// CRC-32C of bytes in memory.
func checksum(of bytes: some Collection<UInt8>, continuing: UInt32 = 0) -> UInt32 {
    bytes.withContiguousStorageIfAvailable { crc32c(UnsafeRawBufferPointer($0), continuing: continuing) }
        ?? Array(bytes).withUnsafeBytes { crc32c($0, continuing: continuing) }
}
