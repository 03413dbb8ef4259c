internal import LogStore
public import RecordFormat

/// Records of one partition, and where it stands.
public struct FetchedRecords: Sendable, Equatable {
    /// In offset order; empty if there was nothing to read within the time.
    public let records: [StoredRecord]
    /// Where the next fetch goes on.
    public let nextOffset: Offset
    /// As of the moment before the read.
    public let highWatermark: Offset
    /// The oldest offset that is kept, as of the same moment.
    public let logStart: Offset
}

extension Broker {
    /// Reads records from `offset` on, never past the high watermark, or the last stable offset.
    ///
    /// - Parameters:
    ///   - name: the partition.
    ///   - offset: of the first record wanted, from the log start to the high watermark.
    ///   - maxBytes: about how much to read; at least one batch is read if there is one.
    ///   - patience: how long to wait if there is nothing yet. A waiting fetch costs no thread; it ends early,
    ///     with no records, when its task is cancelled or the broker closes.
    ///   - isolation: committed records may come with fewer, or none, of those that are there: those behind an open transaction wait
    ///     for its end, and those that were aborted are left out.
    /// - Throws: `.unknownTopic`; `.offsetOutOfRange` below the log start or above the high watermark; `.corrupt` where the
    ///   record at `offset` is damaged; both with ``BrokerError/nextReadable``. `.storage`, `.closed`.
    public func fetch(
        _ name: TopicPartition, from offset: Offset, maxBytes: Int = 1 << 20, waitingUpTo patience: Duration = .zero,
        isolation: IsolationLevel = .uncommitted
    ) async throws(BrokerError) -> FetchedRecords {
        let partition = try catalogue.partition(name)
        if patience > .zero, try await readableEnd(of: name, partition, isolation) <= offset,
            offset <= directory.highWatermark(of: partition)
        {
            await LongPoll(directory, [(partition, offset)], isolation.isolation, timers).run(patience: patience)
        }
        if directory.isClosed { throw .closed }
        let end = try await readableEnd(of: name, partition, isolation)
        return try read(partition, from: offset, maxBytes: maxBytes, isolation, below: end)
    }

    /// As ``fetch(_:from:maxBytes:waitingUpTo:)``, without waiting. Blocking as far as the page cache does not hold the records.
    ///
    /// - Parameter end: for committed records, at or below the last stable offset; `nil`: the high watermark.
    func read(
        _ partition: Partition, from offset: Offset, maxBytes: Int, _ isolation: IsolationLevel = .uncommitted,
        below end: Offset? = nil
    ) throws(BrokerError) -> FetchedRecords {
        if partition.isDeleted { throw Self.deleted(partition.topicPartition) }
        let (highWatermark, logStart) = (directory.highWatermark(of: partition), partition.logStart)
        if offset < logStart || offset > highWatermark {
            throw BrokerError(
                .offsetOutOfRange,
                "\(partition.topicPartition) has offsets \(logStart) to \(highWatermark); \(offset) was asked for.",
                remedy: "Go on from one of these.", nextReadable: offset < logStart ? logStart : highWatermark)
        }
        let end = min(highWatermark, end ?? highWatermark)
        var records: [StoredRecord] = []
        var next = offset
        do throws(LogStoreError) {
            var decoder = RecordDecoder()
            if offset < end {
                next = try directory.readRecords(
                    partition, from: offset, upTo: end, maxBytes: maxBytes, isolation: isolation.isolation,
                    with: &decoder
                ) { records.append($0.storedRecord()) }
            }
        } catch {
            throw BrokerError(error)
        }
        counters.noteFetch(of: records.count)
        return FetchedRecords(
            records: records, nextOffset: min(max(next, offset), max(offset, end)), highWatermark: highWatermark,
            logStart: logStart)
    }

    private func readableEnd(
        of name: TopicPartition, _ partition: Partition, _ isolation: IsolationLevel
    ) async throws(BrokerError) -> Offset {
        switch isolation {
        case .uncommitted: directory.highWatermark(of: partition)
        case .committed: try await findStableOffset(of: name)
        }
    }

    private static func deleted(_ name: TopicPartition) -> BrokerError {
        BrokerError(
            .unknownTopic, "Topic \(name.topic) was deleted.", remedy: "`edgebroker topic list` shows those that exist."
        )
    }

    /// The first readable record that is not older than `time`; `nil` if there is none.
    ///
    /// - Throws: `.storage`, `.corrupt`.
    func offset(of partition: Partition, atOrAfter time: Timestamp) throws(BrokerError) -> Offset? {
        do throws(LogStoreError) {
            return try directory.offset(in: partition, at: time, upTo: directory.highWatermark(of: partition))?.offset
        } catch {
            throw BrokerError(error)
        }
    }

    /// The high watermarks of several partitions at one moment: an ERP transaction is below all of them or below none.
    ///
    /// - Throws: `.unknownTopic`.
    public func highWatermarks(of names: [TopicPartition]) throws(BrokerError) -> [Offset] {
        var partitions: [Partition] = []
        for name in names { partitions.append(try catalogue.partition(name)) }
        return directory.highWatermarks(of: partitions)
    }
}
