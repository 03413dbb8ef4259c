import RecordFormat
import Synchronization

/// Writes one partition's active segment. Reached through its ``SharedWriter`` only.
///
/// Order of what becomes durable in a synced partition: the old segment's bytes, its seal, the new segment's name, and only
/// then bytes in it. So every segment but the last has a seal, and a torn tail can only be in the last. In a buffered one
/// segments that are full wait in ``closing`` for the committer; until it has been there a torn tail may span them.
struct PartitionWriter {
    let partition: Partition
    let disk: any Disk
    /// Bytes of a segment where the policy does not say.
    let defaultSegmentBytes: Int
    var policy = PartitionPolicy()
    var file: any DiskFile

    /// The end of what was written; everything up to ``synced`` is synced.
    var written: LogPosition
    var synced: LogPosition
    /// Stamped into every batch that is appended.
    var leaderEpoch: Int32
    var lastAppendTime: Timestamp
    /// Of the active segment; `nil` while it is empty.
    var smallestAppendTime: Timestamp?
    var reserved: Int
    /// Full segments that are not yet synced, oldest first. Only a buffered partition has some.
    var closing: [ClosingSegment] = []
    /// The batches that readers do not know of yet: they go into the indexes with ``expose()``.
    private var unexposed: [Unexposed] = []
    /// At the end of what was written; `nil` until somebody needs them.
    var producers: ProducerStates?
    let producerExpiry: Duration
    /// Of what was written; `nil` until the first batch is appended.
    var epochs: LeaderEpochs?
    /// They were held against the batches.
    var areEpochsProven = false
    /// The epoch of the last batch appended, once it was noted.
    var notedEpoch: Int32?
    /// An index of the active segment can take no more entries.
    private var isIndexFull = false
    /// Why a buffered partition takes no appends.
    var refusal: LogStoreError?
    /// When the first byte that is not synced was written to a buffered partition.
    var dirtySince: Duration?

    private struct Unexposed {
        let header: RecordBatchHeader
        let position: Int
        let size: Int
        /// What its marker aborted.
        let aborted: AbortedTransaction?
    }

    /// Batches that lie together are written together up to this size.
    private static let gatherBytes = 1 << 20

    init(
        _ partition: Partition, disk: any Disk, file: any DiskFile, at position: LogPosition, lastAppendTime: Timestamp,
        smallestAppendTime: Timestamp? = nil, leaderEpoch: Int32, segmentBytes: Int, producerExpiry: Duration
    ) {
        self.partition = partition
        self.disk = disk
        self.file = file
        defaultSegmentBytes = segmentBytes
        self.producerExpiry = producerExpiry
        written = position
        synced = position
        self.leaderEpoch = leaderEpoch
        self.lastAppendTime = lastAppendTime
        self.smallestAppendTime = smallestAppendTime
        reserved = position.size
    }

    var isBuffered: Bool { policy.durability != .synced }

    /// The file that must be synced for ``written`` to become durable, if it differs from ``synced``.
    var dirtyFile: (any DiskFile)? { written == synced ? nil : file }

    // MARK: Appending

    /// Writes batches in their order, rolling where a segment is full. On an error some of them may be in the file: the
    /// caller must ``rewind(to:copying:)`` before the next append.
    mutating func append(_ staged: StagedBatches, at now: Timestamp) throws(DiskError) {
        guard let first = staged.batches.first else { return }
        try prepare(for: first.header, isTransactional: staged.isTransactional, at: now)
        try staged.bytes.span.bytes.withUnsafeBytes { bytes throws(DiskError) in
            // What lies together is written together.
            var gathered = 0..<0
            var start = written.size
            for batch in staged.batches {
                if mustRoll(for: batch.header) {
                    try write(bytes, &gathered, at: start)
                    try roll()
                }
                if let own = batch.own {
                    try write(bytes, &gathered, at: start)
                    try own.span.bytes.withUnsafeBytes { own throws(DiskError) in
                        try write(own, at: written.size)
                        note(batch.header, own)
                    }
                    continue
                }
                let place = batch.position..<(batch.position + batch.size)
                if gathered.isEmpty { (gathered, start) = (place, written.size) }
                gathered = gathered.lowerBound..<place.upperBound
                note(batch.header, UnsafeRawBufferPointer(rebasing: bytes[place]))
                if gathered.count >= Self.gatherBytes { try write(bytes, &gathered, at: start) }
            }
            try write(bytes, &gathered, at: start)
        }
    }

    /// The same for one batch, already stamped.
    mutating func append(_ batch: [UInt8], _ header: RecordBatchHeader, at now: Timestamp) throws(DiskError) {
        try prepare(for: header, isTransactional: header.isOfTransaction, at: now)
        if mustRoll(for: header) { try roll() }
        try batch.span.bytes.withUnsafeBytes { bytes throws(DiskError) in
            try write(bytes, at: written.size)
            note(header, bytes)
        }
    }

    /// - Parameter isTransactional: some of the batches that follow belong to transactions, or end them.
    private mutating func prepare(
        for first: RecordBatchHeader, isTransactional: Bool, at now: Timestamp
    ) throws(DiskError) {
        // A clock that went back does not take append time back (facts: retention trusts it).
        lastAppendTime = max(lastAppendTime, now)
        if first.partitionLeaderEpoch != notedEpoch { noteEpoch(of: first) }
        // Which transaction a marker ends, and where the oldest one begins that is open, only the producers' states can tell.
        if producers == nil, isTransactional { try loadProducers(at: now) }
    }

    private mutating func note(_ header: RecordBatchHeader, _ batch: UnsafeRawBufferPointer) {
        if smallestAppendTime == nil { smallestAppendTime = lastAppendTime }
        unexposed.append(
            Unexposed(
                header: header, position: written.size, size: batch.count, aborted: noteProducer(of: header, batch)))
        written.pass(header, batch)
    }

    private mutating func noteProducer(
        of header: RecordBatchHeader, _ batch: UnsafeRawBufferPointer
    ) -> AbortedTransaction? {
        if producers == nil { return nil }
        let isControl = header.producerID >= 0 && header.attributes.isControl
        let aborted = producers?.apply(
            header, marker: isControl ? TransactionMarker(of: batch) : nil, at: lastAppendTime)
        // What readers may see is told from what is synced, when nothing of it can be lost any more.
        if isControl { producers?.noteHighWatermark(header.nextOffset) }
        return aborted
    }

    /// Everything written must be exposed.
    /// - Parameter now: after an unclean stop nobody knows when the newest batches were appended, and a mark may be days older. A
    ///   producer counts as silent from now on, or what it sends again would be taken for new.
    mutating func loadProducers(at now: Timestamp) throws(DiskError) {
        producers = try partition.loadProducers(
            at: written.nextOffset, appendTime: max(lastAppendTime, now), on: disk)
    }

    /// Once per segment: what a snapshot need not keep.
    mutating func expireProducers() {
        let (now, limit) = (lastAppendTime, producerExpiry)
        producers?.expire(at: now, after: limit)
        if PlantedProducerBug.producersLostAtRoll.isActive { producers = ProducerStates(at: written.nextOffset) }
    }

    private mutating func write(
        _ bytes: UnsafeRawBufferPointer, _ gathered: inout Range<Int>, at position: Int
    ) throws(DiskError) {
        if gathered.isEmpty { return }
        try write(UnsafeRawBufferPointer(rebasing: bytes[gathered]), at: position)
        gathered = 0..<0
    }

    private mutating func write(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(DiskError) {
        try reserve(for: position + bytes.count)
        try file.writeAll(bytes, at: position)
    }

    // MARK: What readers and recovery may know

    /// Everything written is now known to readers, up to the high watermark.
    mutating func expose() {
        isIndexFull = partition.segments.withLock { segments in
            let last = segments.count - 1
            precondition(
                segments[last].base == written.segmentBase, "\(partition.topicPartition) lost its active segment")
            segments[last].size = written.size
            segments[last].nextOffset = written.nextOffset
            for batch in unexposed {
                segments[last].note(batch.header, at: batch.position, size: batch.size, aborting: batch.aborted)
            }
            return segments[last].indexes?.isFull(limit: policy.indexBytes) ?? false
        }
        unexposed.removeAll(keepingCapacity: true)
    }

    /// Forgets batches that were written and that nobody will be shown.
    mutating func forgetUnexposed() { unexposed.removeAll() }

    /// Everything written is now synced, and readers may know of it.
    mutating func settle() {
        expose()
        settle(to: written)
    }

    /// Everything up to `position` is synced.
    mutating func settle(to position: LogPosition) {
        synced = position
        partition.noteSynced(position.nextOffset)
    }

    /// What a durable mark at `position` says.
    func mark(at position: LogPosition) -> SyncedEnd {
        SyncedEnd(
            sequence: 0, topicID: partition.topicID, partition: partition.topicPartition.partition,
            logChecksum: position.checksum, segmentBase: position.segmentBase, syncedLength: Int64(position.size),
            syncedOffset: position.nextOffset, lastAppendTime: lastAppendTime, leaderEpoch: leaderEpoch,
            topicChecksum: SyncedEnd.topicChecksum(partition.topicPartition.topic), logStart: partition.logStart,
            firstAppendTime: position.segmentBase == written.segmentBase
                ? smallestAppendTime ?? Timestamp(millisecondsSince1970: 0) : Timestamp(millisecondsSince1970: 0),
            fingerprint: position.fingerprint)
    }

    // MARK: Rolling

    private func mustRoll(for batch: RecordBatchHeader) -> Bool {
        if written.size == 0 { return false }
        if written.size + batch.totalSize > policy.segmentBytes ?? defaultSegmentBytes || isIndexFull { return true }
        // Index entries hold offsets relative to the segment's in 32 bits, as Kafka's do.
        if batch.lastOffset.rawValue - written.segmentBase.rawValue > Int64(Int32.max) { return true }
        guard let first = smallestAppendTime else { return false }
        return Duration.milliseconds(lastAppendTime.millisecondsSince1970 &- first.millisecondsSince1970)
            >= policy.segmentAge
    }

    /// Closes the active segment, if it holds something, and begins the next one.
    mutating func roll() throws(DiskError) {
        if written.size == 0 { return }
        if isBuffered {
            expose()
            try rollLater()
        } else {
            try rollNow()
        }
    }
}
