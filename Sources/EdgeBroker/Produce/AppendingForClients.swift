internal import LogStore
package import RecordFormat

/// A batch that is in the log.
package struct AppendedBatch: Sendable, Equatable {
    package let range: Range<Offset>
}

extension Broker {
    /// Appends one encoded batch. For whoever must not wait: nothing blocks, and no task is made.
    ///
    /// - Parameter completion: called once, on the committing thread or before this returns.
    package func append(
        batch bytes: [UInt8], to name: TopicPartition,
        completion: @escaping @Sendable (Result<AppendedBatch, BrokerError>) -> Void
    ) {
        do throws(BrokerError) {
            let topic = try writableTopic(name.topic, name.partition)
            if topic.keeping.cleanup.compacts { try Self.checkKeys(bytes, of: name) }
            var batch = Append.Batch(
                try topic.admit(bytes, at: catalogue.now), to: topic.partitions[Int(name.partition)])
            noteAppended(batch.bytes.count)
            do throws(LogStoreError) {
                if let range = try directory.writeNow(&batch) {
                    return completion(.success(AppendedBatch(range: range)))
                }
                try directory.stage(
                    Append([batch.takeOut()]) { result in
                        completion(result.map { AppendedBatch(range: $0[0]) }.mapError { BrokerError($0) })
                    })
            } catch {
                throw BrokerError(error)
            }
        } catch {
            completion(.failure(error))
        }
    }
}
