internal import LogStore
public import RecordFormat

extension Broker {
    /// What one append may hold in bytes. Capture may write larger batches, up to what the format holds: a row is as large as it is.
    static let batchLimit = 128 << 20

    /// Appends records to one partition, as one batch, and returns their offsets once they are synced and visible.
    ///
    /// Concurrent appends share a sync. Cancelling the task does not take the records back.
    /// - Parameters:
    ///   - records: 1…1,000,000, together at most the topic's `max.message.bytes`, which is 1 MiB unless it was raised.
    ///   - partition: of a topic that clients write.
    /// - Throws: `.unknownTopic`; `.readOnlyTopic` for captured and internal topics; `.missingKey` of a compacted topic; `.tooLarge`;
    ///   `.noSpace`, and then nothing was appended; `.storage`, and then it is not known whether the records are in the log; `.closed`.
    @discardableResult
    public func append(_ records: [Record], to partition: TopicPartition) async throws(BrokerError) -> Range<Offset> {
        precondition(!records.isEmpty, "An append of no records")
        let topic = try writable(partition)
        let bytes = try topic.admit(try encode(records, for: topic), at: catalogue.now)
        return try await append(bytes, to: topic, partition.partition)
    }

    /// One batch of records that the topic takes. Those without a time get the broker's.
    func encode(_ records: [Record], for topic: Topic) throws(BrokerError) -> [UInt8] {
        if topic.keeping.cleanup.compacts, records.contains(where: { $0.key == nil }) { throw .missingKey(topic.name) }
        var builder = RecordBatchBuilder()
        guard builder.append(contentsOf: records, upTo: topic.messages.maxBytes, at: catalogue.now) else {
            throw topic.tooLarge(RecordBatchBuilder.sizeBound(of: records))
        }
        return builder.finish()
    }

    /// Appends one encoded batch; otherwise as ``append(_:to:)``.
    ///
    /// With a producer id it is appended once, however often it comes (``append(batch:to:completion:)``).
    /// - Throws: besides, `.invalidRecord` and `.corrupt` for what is no batch: nothing was appended.
    package func append(batch: [UInt8], to name: TopicPartition) async throws(BrokerError) -> Range<Offset> {
        if try Self.header(of: batch, for: name).producerID >= 0 { return try await appendOnce(batch, to: name) }
        let topic = try writable(name)
        let bytes = try topic.admit(batch, at: catalogue.now)
        // Behind the check of its size, because it is decompressed.
        if topic.keeping.cleanup.compacts { try Self.checkKeys(bytes, of: name) }
        return try await append(bytes, to: topic, name.partition)
    }

    private func append(
        _ bytes: consuming [UInt8], to topic: Topic, _ partition: Int32
    ) async throws(BrokerError) -> Range<Offset> {
        var batch = Append.Batch(bytes, to: topic.partitions[Int(partition)])
        noteAppended(batch.bytes.count)
        do throws(LogStoreError) {
            // Buffered partitions have nothing to wait for.
            if let range = try directory.writeNow(&batch) { return range }
        } catch {
            throw BrokerError(error)
        }
        var range = Offset.zero..<Offset.zero
        // Not a checked one, which allocates once more: that an append is completed exactly once is the log's promise.
        let failure = await withUnsafeContinuation { (waiter: UnsafeContinuation<LogStoreError?, Never>) in
            do throws(LogStoreError) {
                range = try directory.stage(&batch, resuming: waiter)
            } catch {
                waiter.resume(returning: error)
            }
        }
        if let failure { throw BrokerError(failure) }
        return range
    }

    /// A topic that records from outside may go to, with this partition.
    func writable(_ name: TopicPartition) throws(BrokerError) -> Topic {
        try writableTopic(name.topic, name.partition)
    }

    /// Looks for records without a key in a batch for a compacted topic.
    /// - Throws: `.missingKey` with their indexes; `.corrupt` if the batch does not decode.
    static func checkKeys(_ batch: [UInt8], of name: TopicPartition) throws(BrokerError) {
        let keyless: (count: Int32, first: [Int32])
        do throws(RecordFormatError) {
            keyless = try batch.span.bytes.withUnsafeBytes { bytes throws(RecordFormatError) in
                // Walked and not copied: a small batch may hold millions of records.
                var decoder = RecordDecoder()
                return try decoder.withRecords(of: bytes) { cursor throws(RecordFormatError) in
                    var (index, count, first): (Int32, Int32, [Int32]) = (0, 0, [])
                    while let record = try cursor.next() {
                        if record.key == nil {
                            count += 1
                            if first.count < Self.mostRecordsNamed { first.append(index) }
                        }
                        index += 1
                    }
                    return (count, first)
                }
            }
        } catch {
            throw BrokerError(
                .corrupt, "A batch for compacted topic \(name.topic) does not decode: \(error).",
                remedy: "Send it again; nothing was appended.")
        }
        if keyless.count == 0 { return }
        // Whoever is named some takes the others for good ones.
        throw .missingKey(name.topic, keyless.count > keyless.first.count ? [] : keyless.first)
    }

    /// An answer must not grow without end with what was wrongly sent.
    static var mostRecordsNamed: Int { 10_000 }
}

extension BrokerError {
    /// - Parameter indexes: of a batch's records without a key.
    static func missingKey(_ topic: String, _ indexes: [Int32] = []) -> BrokerError {
        BrokerError(
            .missingKey, "Topic \(topic) is compacted and takes no records without a key; nothing was appended.",
            remedy: "Give every record a key, or use a topic with cleanup.policy=delete.",
            recordIndexes: indexes)
    }
}
