internal import LogStore
public import RecordFormat

extension Broker {
    /// What one append may hold in bytes. Capture may write larger batches, up to what the format holds: a row is as large as it is.
    private static let batchLimit = 128 << 20

    /// Appends records to one partition, as one batch, and returns their offsets once they are synced and visible.
    ///
    /// Concurrent appends share a sync. Cancelling the task does not take the records back.
    /// - Parameter records: 1…1,000,000, at most 128 MiB together.
    /// - Throws: `.unknownTopic`; `.readOnlyTopic` for captured and internal topics; `.tooLarge`; `.noSpace`, and then
    /// nothing was
    ///   appended; `.storage`, and then it is not known whether the records are in the log; `.closed`.
    @discardableResult
    public func append(_ records: [Record], to partition: TopicPartition) async throws(BrokerError) -> Range<Offset> {
        precondition(!records.isEmpty, "An append of no records")
        var bytes = 0
        for record in records { bytes += RecordBatchBuilder.sizeBound(of: record) }
        if records.count > 1_000_000 || bytes > Self.batchLimit {
            throw BrokerError(
                .tooLarge, "An append of \(records.count) records and \(bytes) bytes is too large.",
                remedy: "Split it: 1,000,000 records and 128 MiB are the limits.")
        }
        var builder = RecordBatchBuilder()
        builder.append(contentsOf: records)
        return try await append(batch: builder.finish(), to: partition)
    }

    /// Appends one encoded batch; otherwise as ``append(_:to:)``.
    package func append(batch: [UInt8], to name: TopicPartition) async throws(BrokerError) -> Range<Offset> {
        let partition = try writable(name)
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<[Range<Offset>], LogStoreError>, Never>) in
            do throws(LogStoreError) {
                try directory.stage(
                    Append([Append.Batch(batch, to: partition)]) { continuation.resume(returning: $0) })
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        switch result {
        case .success(let ranges): return ranges[0]
        case .failure(let error): throw BrokerError(error)
        }
    }

    /// A partition that records from outside may go to.
    private func writable(_ name: TopicPartition) throws(BrokerError) -> Partition {
        let partition = try catalogue.partition(name)
        guard let topic = catalogue.topic(name.topic), topic.owner == nil, !topic.isInternal else {
            throw BrokerError(
                .readOnlyTopic, "Topic \(name.topic) is written by capture or by the broker itself.",
                remedy: "Append to a topic of your own.")
        }
        return partition
    }
}
