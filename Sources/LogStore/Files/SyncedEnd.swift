package import RecordFormat

/// One slot of `synced-ends`: how far a partition was known to be synced. 128 bytes, big-endian.
///
/// Above this mark a bad frame is a torn tail and is cut; below it, it is damage and is reported (DESIGN D2).
///
/// | at | size | field            | meaning                                                              |
/// |---:|-----:|:-----------------|:---------------------------------------------------------------------|
/// |  0 |    4 | `checksum`       | CRC-32C of bytes 4…127                                               |
/// |  4 |    4 | `version`        | 1                                                                    |
/// |  8 |    8 | `sequence`       | from 1, one more with each write of the slot; the higher generation wins |
/// | 16 |   16 | `topicID`        |                                                                      |
/// | 32 |    4 | `partition`      |                                                                      |
/// | 36 |    4 | `logChecksum`    | CRC-32C of the active segment's first `syncedLength` bytes           |
/// | 40 |    8 | `segmentBase`    | base offset of the active segment                                    |
/// | 48 |    8 | `syncedLength`   | bytes of it that are synced                                          |
/// | 56 |    8 | `syncedOffset`   | the offset after the last synced record                              |
/// | 64 |    8 | `lastAppendTime` | ms since 1970, by the broker's clock                                 |
/// | 72 |    4 | `leaderEpoch`    | stamped into batches since the last unclean start                    |
/// | 76 |    4 | `topicChecksum`  | CRC-32C of the topic's name; 0: of an older release, or not known    |
/// | 80 |    8 | `logStart`       | the oldest offset kept                                               |
/// | 88 |    8 | `firstAppendTime`| of the active segment, ms since 1970; 0 while it is empty            |
/// | 96 |   12 | `fingerprint`    | ``SegmentFingerprint`` of the synced bytes                           |
/// |108 |   20 |                  | zero                                                                 |
package struct SyncedEnd: Sendable, Equatable {
    package static let encodedSize = 128
    private static let version: UInt32 = 1

    package var sequence: UInt64
    package var topicID: Identifier
    package var partition: Int32
    package var logChecksum: UInt32
    package var segmentBase: Offset
    package var syncedLength: Int64
    package var syncedOffset: Offset
    package var lastAppendTime: Timestamp
    package var leaderEpoch: Int32
    /// `nil`: not known.
    package var topicChecksum: UInt32?
    package var logStart: Offset
    package var firstAppendTime: Timestamp
    package var fingerprint: SegmentFingerprint?

    package init(
        sequence: UInt64, topicID: Identifier, partition: Int32, logChecksum: UInt32, segmentBase: Offset,
        syncedLength: Int64, syncedOffset: Offset, lastAppendTime: Timestamp, leaderEpoch: Int32 = 0,
        topicChecksum: UInt32? = nil, logStart: Offset = .zero,
        firstAppendTime: Timestamp = Timestamp(millisecondsSince1970: 0),
        fingerprint: SegmentFingerprint? = nil
    ) {
        self.sequence = sequence
        self.topicID = topicID
        self.partition = partition
        self.logChecksum = logChecksum
        self.segmentBase = segmentBase
        self.syncedLength = syncedLength
        self.syncedOffset = syncedOffset
        self.lastAppendTime = lastAppendTime
        self.leaderEpoch = leaderEpoch
        self.topicChecksum = topicChecksum
        self.logStart = logStart
        self.firstAppendTime = firstAppendTime
        self.fingerprint = fingerprint
    }

    package var encoded: [UInt8] {
        var writer = FieldWriter(reserving: Self.encodedSize)
        writer.append(UInt32(0))
        writer.append(Self.version)
        writer.append(sequence)
        writer.append(topicID.bytes)
        writer.append(partition)
        writer.append(logChecksum)
        writer.append(segmentBase.rawValue)
        writer.append(syncedLength)
        writer.append(syncedOffset.rawValue)
        writer.append(lastAppendTime.millisecondsSince1970)
        writer.append(leaderEpoch)
        writer.append(topicChecksum ?? 0)
        writer.append(logStart.rawValue)
        writer.append(firstAppendTime.millisecondsSince1970)
        writer.append(fingerprint)
        writer.pad(to: Self.encodedSize)
        writer.put(checksum(of: writer.bytes[4...]), at: 0)
        return writer.bytes
    }

    /// - Returns: `nil` for an empty, torn or damaged slot.
    package init?(decoding bytes: ArraySlice<UInt8>) {
        guard bytes.count == Self.encodedSize else { return nil }
        var reader = FieldReader(bytes)
        guard reader.next(UInt32.self) == checksum(of: bytes.dropFirst(4)), reader.next(UInt32.self) == Self.version
        else {
            return nil
        }
        sequence = reader.next()
        guard let topicID = Identifier(reader.next(count: 16)) else { return nil }
        self.topicID = topicID
        partition = reader.next()
        logChecksum = reader.next()
        segmentBase = Offset(reader.next())
        syncedLength = reader.next()
        syncedOffset = Offset(reader.next())
        lastAppendTime = Timestamp(millisecondsSince1970: reader.next())
        leaderEpoch = reader.next()
        let named = reader.next(UInt32.self)
        topicChecksum = named == 0 ? nil : named
        logStart = Offset(reader.next())
        firstAppendTime = Timestamp(millisecondsSince1970: reader.next())
        fingerprint = reader.nextFingerprint()
        // A first write has 1, and nobody counts to the last.
        guard sequence > 0, sequence < .max, segmentBase.rawValue >= 0, syncedLength >= 0, syncedOffset >= segmentBase,
            leaderEpoch >= 0,
            logStart.rawValue >= 0, logStart <= syncedOffset
        else { return nil }
    }

    /// What a mark keeps of a topic's name: enough to tell whose folder it is of, if two have changed their files.
    static func topicChecksum(_ name: String) -> UInt32 { checksum(of: name.utf8) }

    /// Whether the mark is of a topic of that name; `nil` if it does not say.
    func isOf(topic name: String) -> Bool? { topicChecksum.map { $0 == Self.topicChecksum(name) } }
}
