/// The `attributes` field of a record batch.
///
/// | bits | meaning                                                                        |
/// |-----:|:-------------------------------------------------------------------------------|
/// |  0–2 | codec of the records: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd                  |
/// |    3 | timestamp type: 0 the producer's, 1 the broker's append time (`maxTimestamp`)   |
/// |    4 | part of a transaction                                                          |
/// |    5 | control batch: a transaction marker                                            |
/// |    6 | compacted: `baseTimestamp` is the time from which tombstones may go            |
/// | 7–15 | unused; readers do not look at them                                            |
package struct RecordBatchAttributes: Equatable, Sendable {
    package enum Codec: Int16, Sendable {
        // Kafka's name for it is `none`, which beside an optional would mean something else.
        case uncompressed
        case gzip, snappy, lz4, zstd
    }

    package enum TimestampType: Sendable {
        case createTime, logAppendTime
    }

    package var rawValue: Int16

    package init(rawValue: Int16) { self.rawValue = rawValue }

    package init(codec: Codec) { rawValue = codec.rawValue }

    /// The same with another codec.
    func with(_ codec: Codec) -> RecordBatchAttributes {
        RecordBatchAttributes(rawValue: rawValue & ~0b111 | codec.rawValue)
    }

    /// `nil` for 5, 6 and 7, which ``RecordBatchHeader`` lets nobody see.
    package var codec: Codec? { Codec(rawValue: rawValue & 0b111) }
    @inlinable package var timestampType: TimestampType { rawValue & 1 << 3 == 0 ? .createTime : .logAppendTime }
    @inlinable package var isTransactional: Bool { rawValue & 1 << 4 != 0 }
    @inlinable package var isControl: Bool { rawValue & 1 << 5 != 0 }
    package var hasDeleteHorizon: Bool {
        get { rawValue & 1 << 6 != 0 }
        set { if newValue { rawValue |= 1 << 6 } else { rawValue &= ~(1 << 6) } }
    }
}
