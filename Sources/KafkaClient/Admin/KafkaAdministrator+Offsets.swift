internal import CRdKafka
package import RecordFormat

/// Which offset of a partition is asked for.
package enum OffsetQuestion: Sendable, Equatable {
    /// The oldest that is kept.
    case logStart
    /// The first that may not be read yet.
    case highWatermark
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

    /// Deletes the records before an offset of each partition.
    ///
    /// - Returns: where each begins now.
    /// - Throws: `.notFound`, `.offsetOutOfRange`.
    package func deleteRecords(
        before offsets: [TopicPartition: Offset]
    ) throws(KafkaClientError) -> [TopicPartition: Offset] {
        let what = "The records were not deleted"
        let list = PartitionList(offsets.map { ($0.key, $0.value.rawValue) })
        var records = rd_kafka_DeleteRecords_new(list.pointer)
        defer { rd_kafka_DeleteRecords_destroy(records) }
        let answer = try handle.request(what, RD_KAFKA_ADMIN_OP_DELETERECORDS) { client, options, queue in
            rd_kafka_DeleteRecords(client, &records, 1, options, queue)
        }
        let result = rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(answer.event))
        var starts: [TopicPartition: Offset] = [:]
        for entry in PartitionList.entries(of: result) {
            if entry.error != RD_KAFKA_RESP_ERR_NO_ERROR {
                throw KafkaClientError("\(what): \(entry.partition)", entry.error)
            }
            starts[entry.partition] = Offset(max(0, entry.offset))
        }
        return starts
    }
}
