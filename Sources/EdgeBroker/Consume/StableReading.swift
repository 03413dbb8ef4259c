package import LogStore
package import RecordFormat

/// What readers of committed records need, for listeners: they read bytes, and their clients leave out what was aborted.
extension Broker {
    /// The last stable offset of a partition: where the oldest open transaction begins, otherwise the high watermark.
    ///
    /// - Returns: `nil` until ``findStableOffset(of:completion:)`` was called once since the start.
    /// - Throws: `.unknownTopic`.
    package func lastStableOffset(of name: TopicPartition) throws(BrokerError) -> Offset? {
        let topic = try catalogue.topic(of: name)
        let partition = topic.partitions[Int(name.partition)]
        // Capture has no transactions of this kind.
        return topic.owner == nil
            ? directory.lastStableOffset(of: partition) : directory.highWatermark(of: partition)
    }

    /// The same, and looks for open transactions if nobody has. Never blocks.
    /// - Parameter completion: called once, at once if it is known, otherwise on the committing thread.
    package func findStableOffset(
        of name: TopicPartition, completion: @escaping @Sendable (Result<Offset, BrokerError>) -> Void
    ) {
        do throws(BrokerError) {
            if let known = try lastStableOffset(of: name) { return completion(.success(known)) }
            let partition = try catalogue.partition(name)
            let isAccepted = blockingWork.begin { [directory] in
                do throws(LogStoreError) {
                    completion(.success(try directory.findStableOffset(of: partition)))
                } catch {
                    completion(.failure(BrokerError(error)))
                }
            }
            if !isAccepted { throw .closed }
        } catch {
            completion(.failure(error))
        }
    }

    func findStableOffset(of name: TopicPartition) async throws(BrokerError) -> Offset {
        if let known = try lastStableOffset(of: name) { return known }
        let result = await withUnsafeContinuation { continuation in
            findStableOffset(of: name) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    /// The aborted transactions with records among `offsets`, which end at or below the last stable offset: by producer id and first
    /// offset, what Kafka's Fetch answers. Blocking where indexes must be loaded, as a read is.
    package func abortedTransactions(
        in name: TopicPartition, overlapping offsets: Range<Offset>
    ) throws(BrokerError) -> [AbortedTransaction] {
        let partition = try catalogue.partition(name)
        do throws(LogStoreError) {
            return try directory.abortedTransactions(in: partition, overlapping: offsets)
        } catch {
            throw BrokerError(error)
        }
    }

    /// Kafka's DescribeProducers: what a partition knows of its producers. Blocking.
    package func producers(of name: TopicPartition) throws(BrokerError) -> [ProducerState] {
        let partition = try catalogue.partition(name)
        do throws(LogStoreError) {
            return try directory.producers(of: partition).producers.values.sorted { $0.id < $1.id }
        } catch {
            throw BrokerError(error)
        }
    }
}
