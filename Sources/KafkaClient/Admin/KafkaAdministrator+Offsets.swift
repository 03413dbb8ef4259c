internal import CRdKafka
package import RecordFormat

/// Which offset of a partition is asked for.
package enum OffsetQuestion: Sendable, Equatable {
    /// The oldest that is kept.
    case logStart
    /// The first that may not be read yet.
    case highWatermark
    /// Of the record with the largest timestamp. Kafka knows it since 3.0 (KIP-734).
    case newest
    /// Of the first record that is not older.
    case time(Timestamp)
}

extension KafkaAdministrator {
    /// - Returns: an offset for each partition; none for a time after which there is no record.
    /// - Throws: `.notFound`.
    package func offsets(
        _ question: OffsetQuestion, in partitions: [TopicPartition]
    ) throws(KafkaClientError) -> [TopicPartition: Offset] {
        if partitions.isEmpty { return [:] }
        let what = "The offsets cannot be found"
        _ = try handle.metadata(.servers)
        // The protocol's own numbers for the ends are times.
        let time: Int64 =
            switch question {
            case .logStart: -2
            case .highWatermark: -1
            case .newest: -3
            case .time(let time): max(0, time.millisecondsSince1970)
            }
        let list = PartitionList(partitions.map { ($0, time) })
        let response = rd_kafka_offsets_for_times(
            handle.pointer, list.pointer, ClientHandle.patienceInMilliseconds)
        if response != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaClientError(what, response) }
        var found: [TopicPartition: Offset] = [:]
        for entry in list.entries {
            if entry.error != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaClientError("\(entry.partition)", entry.error) }
            if entry.offset >= 0 { found[entry.partition] = Offset(entry.offset) }
        }
        return found
    }
}
