package import LogStore
package import RecordFormat

/// Where a partition stands at one moment.
package struct PartitionView: Sendable {
    package let logStart: Offset
    package let highWatermark: Offset
    package let leaderEpoch: Int32
}

/// Reading for listeners: nothing waits but for the page cache, and records stay where they are.
extension Broker {
    /// By the injected clock.
    package var monotonicNow: Duration { clock.monotonic() }

    /// The calendar's time, by the injected clock.
    package var now: Timestamp { clock.wall() }

    /// - Throws: `.unknownTopic`, `.closed`.
    package func view(of name: TopicPartition) throws(BrokerError) -> PartitionView {
        let partition = try catalogue.partition(name)
        if directory.isClosed { throw .closed }
        return PartitionView(
            logStart: partition.logStart, highWatermark: directory.highWatermark(of: partition),
            leaderEpoch: directory.leaderEpoch(of: partition))
    }

    /// The oldest offset of a partition; 0 for one that does not exist any more.
    package func logStart(of name: TopicPartition) -> Offset {
        guard let topic = catalogue.topic(name.topic), Int(name.partition) < topic.partitions.count else {
            return .zero
        }
        return topic.partitions[Int(name.partition)].logStart
    }

    /// Whole batches from the one on that holds `offset`: see ``LogDirectory/slices(_:from:upTo:maxBytes:)``.
    ///
    /// - Throws: `.unknownTopic`, `.offsetOutOfRange`, `.corrupt`, `.storage`, `.closed`.
    package func slices(
        of name: TopicPartition, from offset: Offset, upTo limit: Offset, maxBytes: Int
    ) throws(BrokerError) -> [LogSlice] {
        let partition = try catalogue.partition(name)
        do throws(LogStoreError) {
            return try directory.slices(partition, from: offset, upTo: limit, maxBytes: maxBytes)
        } catch {
            throw BrokerError(error)
        }
    }

    /// A wait for records in any of these partitions behind these offsets. One that does not exist any more is left out.
    /// - Parameter isCommitted: for records that are below the last stable offset.
    package func longPoll(
        _ positions: [(partition: TopicPartition, offset: Offset)], isCommitted: Bool = false
    ) -> LongPoll {
        var known: [(Partition, Offset)] = []
        for (name, offset) in positions {
            guard let topic = catalogue.topic(name.topic), Int(name.partition) < topic.partitions.count else {
                continue
            }
            known.append((topic.partitions[Int(name.partition)], offset))
        }
        return LongPoll(directory, known, isCommitted ? .committed : .uncommitted, timers)
    }

    /// Does what may have to wait for the disk on the committing thread, between two rounds, for whoever must not wait.
    /// - Returns: false once the broker is closed; then `body` is dropped.
    package func beginReading(_ body: @escaping @Sendable () -> Void) -> Bool { blockingWork.begin(body) }

    /// The first readable record that is not older than `time`; `nil` if there is none.
    ///
    /// - Throws: `.unknownTopic`, `.storage`, `.corrupt`.
    package func firstRecord(
        of name: TopicPartition, atOrAfter time: Timestamp
    ) throws(BrokerError) -> (offset: Offset, timestamp: Timestamp)? {
        let partition = try catalogue.partition(name)
        do throws(LogStoreError) {
            return try directory.offset(in: partition, at: time, upTo: directory.highWatermark(of: partition))
        } catch {
            throw BrokerError(error)
        }
    }

    /// The first readable record with the largest timestamp; `nil` if there are no records.
    ///
    /// - Throws: as ``firstRecord(of:atOrAfter:)``.
    /// - Complexity: some sixty lookups by time.
    package func newestRecord(
        of name: TopicPartition
    ) throws(BrokerError) -> (offset: Offset, timestamp: Timestamp)? {
        guard var newest = try firstRecord(of: name, atOrAfter: .none) else { return nil }
        var upper = Int64.max
        while newest.timestamp.millisecondsSince1970 < upper {
            let lower = newest.timestamp.millisecondsSince1970
            // The distance may be more than Int64 holds: a record may have no time, which is -1.
            let middle = lower &+ Int64(UInt64(bitPattern: upper &- lower) / 2) &+ 1
            let time = Timestamp(millisecondsSince1970: middle)
            if let later = try firstRecord(of: name, atOrAfter: time) { newest = later } else { upper = middle - 1 }
        }
        return newest
    }

    /// Where a leader epoch ended, by Kafka's rule for OffsetForLeaderEpoch; `nil` if it is later than the one that is.
    ///
    /// The present epoch may not have written yet, and all that was written may be gone: what clients were told of it holds all the
    /// same, up to the end. Blocking.
    /// - Throws: `.unknownTopic`, `.storage`.
    package func end(
        ofLeaderEpoch epoch: Int32, in name: TopicPartition
    ) throws(BrokerError) -> (epoch: Int32, offset: Offset)? {
        let partition = try catalogue.partition(name)
        do throws(LogStoreError) {
            let epochs = try directory.leaderEpochs(of: partition)
            let end = directory.highWatermark(of: partition)
            if let known = epochs.end(of: epoch, logEnd: end) { return (known.epoch, known.end) }
            let present = directory.leaderEpoch(of: partition)
            if epoch < 0 || epoch > present { return nil }
            return (epoch == present ? epoch : epochs.latest ?? epoch, end)
        } catch {
            throw BrokerError(error)
        }
    }
}
