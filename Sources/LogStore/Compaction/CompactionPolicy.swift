/// When a partition is compacted, and what of it goes. Kafka's settings of the same names.
package struct CompactionPolicy: Sendable, Equatable {
    /// `min.compaction.lag.ms`: segments with younger records are left alone.
    package var minimumLag: Duration = .zero
    /// `max.compaction.lag.ms`: records that are older than this and were never looked at make the partition due, whatever the
    /// ratio. They must be in a closed segment for it: `segment.ms` should not be larger.
    package var maximumLag: Duration?
    /// `delete.retention.ms`: how long tombstones and transaction markers stay after they were first met, so that whoever reads
    /// within that time from the log start learns of every deletion. 0 or more.
    package var deleteRetention: Duration = .seconds(86_400)
    /// `min.cleanable.dirty.ratio`: the part of the partition's closed bytes that must never have been looked at. 0…1.
    package var dirtyRatio = 0.5
    /// `producer.id.expiration.ms`: the last batch of a producer stays at least that long, if only its header.
    package var producerExpiry: Duration = .seconds(7 * 86_400)
    /// What the map from keys to offsets may take; 24 bytes a key. With more keys than that, several passes are made. At least
    /// 4 KiB.
    package var mapBytes = 16 << 20
    /// Segments whose bytes fit together into this many become one.
    package var segmentBytes = 64 << 20

    package init() {}
}
