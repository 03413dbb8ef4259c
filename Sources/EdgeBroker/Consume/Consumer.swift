internal import LogStore
public import RecordFormat
internal import Synchronization

/// Reads topics, alone or as a member of a group. It lives in the scope of ``Broker/withConsumer(group:topics:startingAt:_:_:)``.
///
/// It fetches nothing before it is asked, and asks the log for one batch at a time.
public final class Consumer: Sendable {
    private struct State: Sendable {
        var positions = ConsumerPositions()
        var poll: LongPoll?
        /// The next wait is to end at once.
        var isWoken = false
        /// Partitions that were begun once where the consumer is to begin.
        var begun: Set<TopicPartition> = []
    }

    private let broker: Broker
    private let topics: [String]
    private let start: StartPosition
    private let configuration: ConsumerConfiguration
    private let member: ConsumerMembership?
    private let state = Mutex(State())

    init(
        _ broker: Broker, group: String?, topics: [String], startingAt start: StartPosition,
        _ configuration: ConsumerConfiguration
    ) throws(BrokerError) {
        self.broker = broker
        self.topics = topics
        self.start = start
        self.configuration = configuration
        member = group.map { ConsumerMembership(broker, group: $0, topics: topics, configuration) }
        for topic in topics { _ = try broker.catalogue.topic(of: TopicPartition(topic: topic, partition: 0)) }
        member?.onRebalance { [weak self] in self?.wake() }
    }

    /// The batches of all partitions that are this consumer's, for as long as the task is not cancelled. With each step a member also
    /// takes part in what its group is doing, so the time between two steps is bounded by
    /// ``ConsumerConfiguration/mostTimePerBatch``.
    public var batches: ConsumerBatches { ConsumerBatches(consumer: self) }

    /// The partitions that are this consumer's at the moment; none before the first batch was asked for.
    public var assignment: [TopicPartition] { state.withLock(\.positions.partitions) }

    /// Where the consumer is in a partition; `nil` if it is not this consumer's.
    public func position(of partition: TopicPartition) -> Offset? {
        state.withLock { $0.positions.place(of: partition)?.next }
    }

    /// Reads on from `offset` in a partition. A batch that was handed out before can still be committed.
    ///
    /// - Throws: `.unknownTopic` if the partition is not this consumer's.
    public func seek(_ partition: TopicPartition, to offset: Offset) throws(BrokerError) {
        try change(partition) { $0.next = offset }
    }

    /// Hands out nothing more of a partition; the consumer stays in its group.
    ///
    /// - Throws: `.unknownTopic` if the partition is not this consumer's.
    public func pause(_ partition: TopicPartition) throws(BrokerError) { try change(partition) { $0.isPaused = true } }

    /// Undoes ``pause(_:)``.
    ///
    /// - Throws: `.unknownTopic` if the partition is not this consumer's.
    public func resume(_ partition: TopicPartition) throws(BrokerError) {
        try change(partition) { $0.isPaused = false }
    }

    /// Commits that everything up to the end of this batch is done. On return it survives a power cut.
    ///
    /// - Throws: `.fenced` if the partition is no longer this consumer's: another member has, or will, go on from what was committed
    ///   before; `.rebalancing`; `.invalidGroup` for a consumer without a group; `.noSpace`, `.storage`, `.closed`.
    public func commit(_ batch: ConsumerBatch, metadata: String = "") async throws(BrokerError) {
        try await commit([batch.partition: CommittedOffset(batch.nextOffset, metadata: metadata)]) {
            $0.place(of: batch.partition)?.assignment == batch.assignment
        }
    }

    /// Commits offsets of this consumer's partitions, all together or none.
    ///
    /// - Throws: as ``commit(_:metadata:)``.
    public func commit(_ offsets: [TopicPartition: CommittedOffset]) async throws(BrokerError) {
        try await commit(offsets) { positions in offsets.keys.allSatisfy { positions.place(of: $0) != nil } }
    }

    private func commit(
        _ offsets: [TopicPartition: CommittedOffset], if isOurs: (ConsumerPositions) -> Bool
    ) async throws(BrokerError) {
        guard let member else {
            throw BrokerError(
                .invalidGroup, "A consumer without a group has nowhere to commit to.",
                remedy: "Name a group, or keep the offsets yourself.")
        }
        if !state.withLock({ isOurs($0.positions) }) {
            throw BrokerError(
                .fenced,
                "\(offsets.keys.map(\.description).sorted().joined(separator: ", ")) is not this member's any more.",
                remedy: "Go on with the next batch; whoever has the partition now does these records again.")
        }
        try await member.commit(offsets)
    }

    private func change(
        _ partition: TopicPartition, _ body: (inout ConsumerPositions.Place) -> Void
    ) throws(BrokerError) {
        if state.withLock({ $0.positions.change(partition, body) }) { return wake() }
        throw BrokerError(
            .unknownTopic, "\(partition) is not this consumer's.", remedy: "`assignment` says which partitions are.")
    }

    // MARK: One step

    /// - Returns: `nil` once the task is cancelled.
    func next() async throws(BrokerError) -> ConsumerBatch? {
        while !Task.isCancelled {
            try await takePart()
            if broker.directory.isClosed { throw .closed }
            if let batch = try read() { return batch }
            await wait()
        }
        return nil
    }

    func leave() { member?.leave() }

    /// Joins the group, or again if the group asks for it; without one takes all partitions.
    private func takePart() async throws(BrokerError) {
        guard let member else {
            if state.withLock({ $0.positions.places.isEmpty }) { try await assign(allPartitions()) }
            return
        }
        while !Task.isCancelled, member.mustJoin() {
            // What is given up is given up before others are asked to take it.
            let kept = member.keptWhileJoining()
            state.withLock { $0.positions.keep(kept) }
            guard let assigned = try await member.join() else { return }
            try await assign(assigned)
        }
    }

    private func allPartitions() throws(BrokerError) -> [TopicPartition] {
        var all: [TopicPartition] = []
        for topic in topics {
            let topic = try broker.catalogue.topic(of: TopicPartition(topic: topic, partition: 0))
            all += topic.partitions.map(\.topicPartition)
        }
        return all
    }

    private func assign(_ assigned: [TopicPartition]) async throws(BrokerError) {
        state.withLock { $0.positions.keep(Set(assigned)) }
        let known = Set(assignment)
        for name in assigned where !known.contains(name) {
            let partition = try broker.catalogue.partition(name)
            // Known from here on, so that reading need not wait.
            if configuration.isolation == .committed { _ = try await broker.findStableOffset(of: name) }
            let offset = try firstOffset(of: partition)
            state.withLock { $0.positions.add(partition, at: offset) }
        }
    }

    private func firstOffset(of partition: Partition) throws(BrokerError) -> Offset {
        // A partition that comes back goes on where the group has committed meanwhile.
        let isFirst = state.withLock { $0.begun.insert(partition.topicPartition).inserted }
        if !isFirst, let committed = member?.committed(partition.topicPartition) { return committed }
        switch start {
        case .earliest: return partition.logStart
        case .latest: return broker.directory.highWatermark(of: partition)
        case .time(let time):
            return try broker.offset(of: partition, atOrAfter: time) ?? broker.directory.highWatermark(of: partition)
        case .committed(let fallback):
            if let committed = member?.committed(partition.topicPartition) { return committed }
            switch fallback {
            case .earliest: return partition.logStart
            case .latest: return broker.directory.highWatermark(of: partition)
            case .fail:
                throw BrokerError(
                    .noCommittedOffset, "There is no committed offset for \(partition.topicPartition).",
                    remedy: "Commit one, or choose where to begin.")
            }
        }
    }

    /// Reads the next batch of whichever partition's turn it is, if any has something.
    private func read() throws(BrokerError) -> ConsumerBatch? {
        while true {
            let place = state.withLock { $0.positions.takeTurn(where: hasMore) }
            guard let place else { return nil }
            let read = try readBatch(at: place)
            let isOurs = state.withLock { $0.positions.advance(place, to: read.nextOffset) }
            // Control records alone: nothing to hand out, but the position has moved.
            if isOurs, !read.records.isEmpty || read.lost != nil { return read }
        }
    }

    /// Records, or a position that is no longer there.
    private func hasMore(_ place: ConsumerPositions.Place) -> Bool {
        let highWatermark = broker.directory.highWatermark(of: place.partition)
        return place.next < readableEnd(of: place.partition) || place.next > highWatermark
            || place.next < place.partition.logStart
    }

    private func readableEnd(of partition: Partition) -> Offset {
        let highWatermark = broker.directory.highWatermark(of: partition)
        if configuration.isolation == .uncommitted { return highWatermark }
        do throws(BrokerError) {
            return try broker.lastStableOffset(of: partition.topicPartition) ?? highWatermark
        } catch {
            // The topic is gone: the read says so.
            return highWatermark
        }
    }

    private func readBatch(at place: ConsumerPositions.Place) throws(BrokerError) -> ConsumerBatch {
        let partition = place.partition
        let highWatermark = broker.directory.highWatermark(of: partition)
        var offset = place.next
        var lost: Range<Offset>?
        while true {
            do throws(BrokerError) {
                let fetched = try broker.read(
                    partition, from: offset, maxBytes: configuration.batchBytes, configuration.isolation,
                    below: readableEnd(of: partition))
                return ConsumerBatch(
                    partition: place.name, records: fetched.records, nextOffset: fetched.nextOffset,
                    highWatermark: highWatermark, lost: lost, assignment: place.assignment)
            } catch {
                // Every step goes up, so this ends: below the log start once, and then from one damaged batch to the next.
                guard configuration.lostRecords == .skip, let next = error.nextReadable else { throw error }
                if next <= offset {
                    // The log has become shorter than what was read.
                    return ConsumerBatch(
                        partition: place.name, records: [], nextOffset: next, highWatermark: highWatermark,
                        lost: next..<offset, assignment: place.assignment)
                }
                lost = (lost?.lowerBound ?? offset)..<next
                offset = next
                if next >= highWatermark {
                    return ConsumerBatch(
                        partition: place.name, records: [], nextOffset: next, highWatermark: highWatermark, lost: lost,
                        assignment: place.assignment)
                }
            }
        }
    }

    // MARK: Waiting

    private func wait() async {
        let poll = state.withLock { state -> LongPoll? in
            defer { state.isWoken = false }
            if state.isWoken { return nil }
            let positions = state.positions.places.filter { !$0.isPaused }.map { ($0.partition, $0.next) }
            let poll = LongPoll(broker.directory, positions, configuration.isolation.isolation, broker.timers)
            state.poll = poll
            return poll
        }
        guard let poll else { return }
        // Whatever there is to wake up for wakes; the limit only bounds what an oversight would cost.
        await poll.run(patience: .seconds(30))
        state.withLock { $0.poll = nil }
    }

    private func wake() {
        let poll = state.withLock { state in
            state.isWoken = true
            return state.poll
        }
        poll?.end()
    }
}
