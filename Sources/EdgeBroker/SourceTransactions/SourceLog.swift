internal import LogStore
package import RecordFormat
internal import Synchronization

/// One captured source in the log: its topics, and the index that says which of their records are whole transactions.
///
/// There is one writer, the capture of the slot. Rows are appended unseen; an index record makes the ranges it names
/// visible, in the same step in which it becomes durable. Rows that no index record names do not survive ``begin()``.
package final class SourceLog: Sendable {
    package let slot: String
    let catalogue: TopicCatalogue
    let index: Partition
    private let blockingWork: BlockingWork
    private let checkpointBytes: Int
    let flows = Mutex(SourceFlows())
    private struct State {
        var topics: [String: Partition] = [:]
        /// What the index says as far as it is synced.
        var replay: SourceReplay
        /// What it says with all that was staged.
        var staged: SourceReplay
        /// Where checkpoints are, as far as they were read or written since the start, oldest first.
        var checkpoints: [Offset] = []
        /// Of index records that were staged.
        var bytesSinceCheckpoint = 0
        var unsyncedBytes = 0
        /// Why nothing can be appended until the next ``SourceLog/begin()``.
        var failure: BrokerError?
        /// Set for good if a part of the index, or the place of a cut, cannot be read: then nobody knows which rows it covered.
        var damage: BrokerError?
        /// Who wants to know when there is room again, and below how many unsynced bytes.
        var room: (limit: Int, call: @Sendable () -> Void)?
        /// Counts sessions, so that a late answer to an append of the one before does no harm.
        var session = 0

        mutating func settle(_ record: TransactionIndexRecord, at offset: Offset) {
            replay.apply(record, at: offset)
            if case .checkpoint = record { checkpoints.append(offset) }
        }
    }
    private let state: Mutex<State>
    /// Held while an index record is given its offset and staged.
    private let indexing = Mutex(())

    static func indexTopic(_ slot: String) -> String { indexPrefix + slot }
    static let indexPrefix = "__transactions."

    /// The slot whose index has this name.
    static func slot(ofIndex name: String) -> String? {
        guard name.hasPrefix(indexPrefix), name.utf8.count > indexPrefix.utf8.count else { return nil }
        return String(name.dropFirst(indexPrefix.count))
    }

    /// How much of the index is read at a start, in all about three times this.
    static let defaultCheckpointBytes = 1 << 20

    private static func indexKeeping(_ checkpointBytes: Int) -> TopicKeeping {
        var keeping = TopicKeeping.captured
        // Small, so that one of the newest two holds a checkpoint, and what lies before one goes soon.
        keeping.segments.bytes = max(TopicKeeping.Segments.byteRange.lowerBound, 2 * checkpointBytes)
        return keeping
    }

    /// Reads the index and makes the source ready: what no index record covers is cut, the rest becomes visible.
    /// Blocking.
    ///
    /// - Parameter checkpointBytes: of index records between two checkpoints.
    init(
        slot: String, catalogue: TopicCatalogue, blockingWork: BlockingWork, checkpointBytes: Int
    ) throws(BrokerError) {
        let name = Self.indexTopic(slot)
        try TopicNameRules.check(name)
        let topic: Topic
        if let known = catalogue.topic(name) {
            topic = known
        } else {
            topic = try catalogue.create(
                name, partitionCount: 1, writer: .capture(slot: slot), keeping: Self.indexKeeping(checkpointBytes))
        }
        let index = topic.partitions[0]
        var topics: [String: Partition] = [:]
        for topic in catalogue.all where topic.owner == slot && !topic.isInternal {
            topics[topic.name] = topic.partitions[0]
        }
        let opening = try SourceOpening(index, topics, catalogue.directory)
        self.slot = slot
        self.catalogue = catalogue
        self.index = index
        self.blockingWork = blockingWork
        self.checkpointBytes = checkpointBytes
        state = Mutex(
            State(
                topics: topics, replay: opening.replay, staged: opening.replay, checkpoints: opening.checkpoints,
                bytesSinceCheckpoint: opening.bytesSinceCheckpoint, failure: opening.damage, damage: opening.damage))
        do throws(BrokerError) {
            try reconcile()
        } catch {
            guard error.code == .corrupt else { throw error }
            // Capture cannot go on, but everything else in the log is served (DESIGN D2).
            state.withLock { state in
                state.damage = error
                state.failure = error
            }
            try reconcile()
        }
    }

    /// Cuts what the index does not cover, and shows what it does, in one step.
    private func reconcile() throws(BrokerError) {
        let (topics, replay, damage) = state.withLock { ($0.topics, $0.replay, $0.damage) }
        let directory = catalogue.directory
        var publications: [Append.Publication] = []
        do throws(LogStoreError) {
            // Rows of a lost record look like rows that no record covers. They are not: nothing is cut then.
            let cuts = damage == nil
            if cuts { try directory.cut(index, to: min(replay.indexEnd, index.syncedEnd)) }
            for (name, partition) in topics.sorted(by: { $0.key < $1.key }) {
                let covered = replay.ends[TopicPartition(topic: name, partition: 0)] ?? partition.logStart
                // Below the covered end after damage: then there is nothing to cut, and readers are told of the gap.
                let end = min(covered, partition.syncedEnd)
                if cuts { try directory.cut(partition, to: end) }
                publications.append(Append.Publication(partition, upTo: end))
            }
        } catch {
            throw BrokerError(error)
        }
        publications.append(Append.Publication(index, upTo: min(replay.indexEnd, index.syncedEnd)))
        directory.publish(publications)
    }

    // MARK: A session of the writer

    /// Begins a session: cuts what the last one left unfinished, and says where to go on.
    ///
    /// - Throws: why a partition cannot be opened again yet; try later. `.corrupt` if the index is damaged; that stays so.
    package func begin() async throws(BrokerError) -> SourceState {
        try await blockingWork { () throws(BrokerError) in try self.beginNow() }
    }

    /// ``begin()`` for whoever is the committing thread.
    package func beginNow() throws(BrokerError) -> SourceState {
        try state.withLock { state throws(BrokerError) in
            if let damage = state.damage { throw damage }
            state.session += 1
        }
        try reconcile()
        return state.withLock { state in
            state.failure = nil
            state.unsyncedBytes = 0
            state.staged = state.replay
            return state.replay.state
        }
    }

    /// Creates a topic that only this source writes; one that is there already is taken if it is this source's.
    ///
    /// - Throws: `.topicExists` if it belongs to somebody else; `.invalidTopicName`.
    package func createTopic(_ name: String) async throws(BrokerError) {
        try await blockingWork { () throws(BrokerError) in try self.createTopicNow(name) }
    }

    /// ``createTopic(_:)`` for whoever is the committing thread.
    package func createTopicNow(_ name: String) throws(BrokerError) {
        try TopicNameRules.checkOutside(name)
        if let topic = catalogue.topic(name) {
            guard topic.owner == slot else {
                throw BrokerError(
                    .topicExists, "Topic \(name) is not one that slot \(slot) captures into.",
                    remedy: "Choose another topic for the table, with log.topic in the flow.")
            }
            return
        }
        let topic = try catalogue.create(name, partitionCount: 1, writer: .capture(slot: slot), keeping: .captured)
        state.withLock { $0.topics[name] = topic.partitions[0] }
    }

    /// Appends a record batch, unseen until an index record names its offsets. Never waits for the disk.
    ///
    /// - Throws: `.unknownTopic`; or why the session is over: begin a new one.
    package func appendRows(_ batch: [UInt8], to topic: String) throws(BrokerError) -> Range<Offset> {
        let bytes = batch.count
        let session = try state.withLock { state throws(BrokerError) in
            if let failure = state.failure { throw failure }
            state.unsyncedBytes += bytes
            return state.session
        }
        guard let partition = state.withLock({ $0.topics[topic] }) else {
            throw BrokerError(
                .unknownTopic, "Slot \(slot) captures into no topic \(topic).", remedy: "Create it first.")
        }
        let ranges = try stage(
            Append([Append.Batch(batch, to: partition)]) { result in
                self.settle(bytes, session, result)
            })
        return ranges[0]
    }

    /// Appends an index record: with it, the ranges that it names become visible.
    ///
    /// - Parameter completion: called once, on the committing thread, when the record and all rows before it are synced and
    ///   visible, or with why the session is over. Not called if this throws.
    package func appendIndex(
        _ record: TransactionIndexRecord, completion: @escaping @Sendable (Result<Void, BrokerError>) -> Void
    ) throws(BrokerError) {
        try indexing.withLock { _ throws(BrokerError) in
            let value = record.encoded
            try appendIndex(record, value, completion)
            let isDue = state.withLock { state in
                state.bytesSinceCheckpoint += value.count
                return state.bytesSinceCheckpoint >= checkpointBytes && state.staged.isAtBoundary
            }
            if isDue { try appendCheckpoint() }
        }
    }

    /// Writes a checkpoint at a clean stop, if a good deal was written since the last one. It is staged; the directory's close commits
    /// it.
    func prepareToClose() {
        indexing.withLock { _ in
            let isWorthIt = state.withLock { state in
                state.failure == nil && state.staged.isAtBoundary
                    && state.bytesSinceCheckpoint >= max(1, checkpointBytes / 16)
            }
            // Without it the next start reads more.
            if isWorthIt { try? appendCheckpoint() }
        }
    }

    private func appendCheckpoint() throws(BrokerError) {
        let checkpoint = state.withLock(\.staged).checkpoint
        let record = TransactionIndexRecord.checkpoint(checkpoint)
        let value = record.encoded
        try appendIndex(record, value) { _ in }
        // Where there are very many topics a checkpoint is long, and is to be seldom in proportion.
        state.withLock { $0.bytesSinceCheckpoint = min(0, checkpointBytes - 8 * value.count) }
    }

    private func appendIndex(
        _ record: TransactionIndexRecord, _ value: [UInt8],
        _ completion: @escaping @Sendable (Result<Void, BrokerError>) -> Void
    ) throws(BrokerError) {
        let (session, topics) = try state.withLock { state throws(BrokerError) in
            if let failure = state.failure { throw failure }
            return (state.session, state.topics)
        }
        var publications: [Append.Publication] = []
        for range in record.ranges {
            guard let partition = topics[range.topic], range.partition == 0 else {
                preconditionFailure("An index record names \(range.topicPartition), which slot \(slot) does not write")
            }
            publications.append(Append.Publication(partition, upTo: range.end))
        }
        let offset = catalogue.directory.logEnd(of: index)
        publications.append(Append.Publication(index, upTo: offset.advanced(by: 1)))
        var builder = RecordBatchBuilder()
        builder.append(key: nil, value: value, headers: [], timestamp: catalogue.now)
        let batch = builder.finish()
        let bytes = batch.count
        state.withLock { $0.unsyncedBytes += bytes }
        let ranges = try stage(
            Append([Append.Batch(batch, to: index)], publishing: publications) { result in
                if case .success(let ranges) = result, let range = ranges.first {
                    self.state.withLock { state in
                        if state.session == session { state.settle(record, at: range.lowerBound) }
                    }
                }
                self.settle(bytes, session, result)
                completion(result.map { _ in }.mapError { BrokerError($0) })
            })
        precondition(ranges.first?.lowerBound == offset, "The index of slot \(slot) has two writers")
        state.withLock { state in
            if state.session == session { state.staged.apply(record, at: offset) }
        }
    }

    private func stage(_ append: Append) throws(BrokerError) -> [Range<Offset>] {
        do throws(LogStoreError) {
            return try catalogue.directory.stage(append)
        } catch {
            let failure = BrokerError(error)
            state.withLock { $0.failure = failure }
            throw failure
        }
    }

    private func settle(_ bytes: Int, _ session: Int, _ result: Result<[Range<Offset>], LogStoreError>) {
        let call = state.withLock { state -> (@Sendable () -> Void)? in
            guard state.session == session else { return nil }
            let before = state.unsyncedBytes
            state.unsyncedBytes -= bytes
            if case .failure(let error) = result, state.failure == nil { state.failure = BrokerError(error) }
            guard let room = state.room, before >= room.limit, state.unsyncedBytes < room.limit else { return nil }
            return room.call
        }
        call?()
    }

    /// Has `body` called, on the committing thread, whenever ``unsyncedBytes`` falls from at least `limit` to below it. One
    /// listener; the last one counts.
    package func onRoom(below limit: Int, _ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.room = (limit, body) }
    }

    /// Whether reading on from the source is wise: not while `limit` bytes or more are unsynced, nor while the disk budget is used up.
    /// Whoever waits is told by ``onRoom(below:_:)``.
    package func hasRoom(_ limit: Int) -> Bool { unsyncedBytes <= limit && !catalogue.directory.isFull }

    /// The disk has room again.
    func tellRoom() {
        let call = state.withLock(\.room)?.call
        call?()
    }

    /// Where checkpoints are, as far as they were read or written since the start, oldest first.
    var checkpoints: [Offset] { state.withLock(\.checkpoints) }

    /// The topics that this source writes besides its index.
    var partitions: [Partition] { state.withLock { Array($0.topics.values) } }

    /// Bytes appended and not yet synced: what to look at before reading on.
    package var unsyncedBytes: Int { state.withLock { $0.unsyncedBytes } }
}
