package import RecordFormat

/// The three indexes of one segment, which grow together with its `.log`.
///
/// Caches: a segment without them is walked. Those of a closed segment are loaded only if its seal has their checksum;
/// those of the active one are built by a walk, and cover it from then on. Behind damage they end, and do not go on.
package struct SegmentIndexes: Sendable, Equatable {
    package private(set) var offsets = OffsetIndex()
    package private(set) var times = TimeIndex()
    package private(set) var aborted = AbortedTransactionIndex()
    /// Bytes of the segment that are noted: where the next batch begins.
    package private(set) var end = 0
    /// A batch of a producer with an id was noted.
    package private(set) var hasProducers = false

    /// Of an empty segment.
    package init() {}

    /// Notes the batch that follows the last one noted.
    package mutating func note(_ header: RecordBatchHeader, position: Int, size: Int, base: Offset) {
        precondition(position == end, "A batch at byte \(position) was noted, the one before it ended at \(end)")
        end = position + size
        if header.producerID >= 0 { hasProducers = true }
        times.note(maxTimestamp: header.maxTimestamp, lastOffset: header.lastOffset, base: base)
        if offsets.note(lastOffset: header.lastOffset, position: position, size: size, base: base) {
            times.makeEntry()
        }
    }

    /// Notes a transaction whose abort marker is in this segment, after the marker's batch.
    package mutating func note(_ transaction: AbortedTransaction) { aborted.note(transaction) }

    /// What they are of a segment that is cut to `size` bytes.
    /// - Returns: `nil` if batches past that were noted: then only a walk can tell.
    package func truncated(to size: Int) -> SegmentIndexes? { end <= size ? self : nil }

    /// Whether the segment must end, because one of its index files would exceed `limit` bytes with two entries more.
    package func isFull(limit: Int) -> Bool {
        (offsets.entries.count + 1) * OffsetIndexEntry.encodedSize > limit
            || (times.entries.count + 2) * TimeIndexEntry.encodedSize > limit
    }

    /// What a seal is to say of them.
    package func sealed(base: Offset) -> SegmentSeal.Indexes { sealed(files(base: base)) }

    func sealed(_ files: [(name: String, bytes: [UInt8])]) -> SegmentSeal.Indexes {
        SegmentSeal.Indexes(
            checksum: Self.checksum(of: files), largestTimestamp: times.largest, hasProducers: hasProducers)
    }

    // MARK: Files

    /// The three files' names and bytes. Kafka has no `.txnindex` where no transaction was aborted, so an empty one is to be
    /// removed.
    package func files(base: Offset) -> [(name: String, bytes: [UInt8])] {
        [
            (SegmentName.index(base), offsets.encoded), (SegmentName.timeIndex(base), times.encoded),
            (SegmentName.abortedTransactions(base), aborted.encoded),
        ]
    }

    /// CRC-32C of the three files' bytes, one after the other.
    package static func checksum(of files: [(name: String, bytes: [UInt8])]) -> UInt32 {
        files.reduce(0) { LogStore.checksum(of: $1.bytes, continuing: $0) }
    }

    /// - Parameter logSize: bytes of the segment, all of which they cover.
    /// - Returns: `nil` if the bytes are no indexes of such a segment.
    init?(
        offsets: [UInt8], times: [UInt8], aborted: [UInt8], logSize: Int, base: Offset, nextOffset: Offset,
        hasProducers: Bool
    ) {
        guard let offsets = OffsetIndex(decoding: offsets, logSize: logSize),
            let times = TimeIndex(decoding: times, base: base, nextOffset: nextOffset),
            let aborted = AbortedTransactionIndex(decoding: aborted, base: base, nextOffset: nextOffset)
        else { return nil }
        self.offsets = offsets
        self.times = times
        self.aborted = aborted
        end = logSize
        self.hasProducers = hasProducers
    }
}
