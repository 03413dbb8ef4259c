internal import CRdKafka
package import RecordFormat

/// Where a group goes on in one partition.
package struct KafkaCommittedOffset: Sendable, Equatable {
    package let offset: Offset
    package let metadata: String
}

extension KafkaAdministrator {
    /// - Returns: those partitions in which the group has committed.
    package func committedOffsets(
        of group: String
    ) throws(KafkaClientError) -> [TopicPartition: KafkaCommittedOffset] {
        let what = "The offsets of group \(group) cannot be read"
        var request = rd_kafka_ListConsumerGroupOffsets_new(group, nil)
        defer { rd_kafka_ListConsumerGroupOffsets_destroy(request) }
        let answer = try handle.request(what, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS) { client, options, queue in
            rd_kafka_ListConsumerGroupOffsets(client, &request, 1, options, queue)
        }
        var count = 0
        let groups = rd_kafka_ListConsumerGroupOffsets_result_groups(
            rd_kafka_event_ListConsumerGroupOffsets_result(answer.event), &count)
        var found: [TopicPartition: KafkaCommittedOffset] = [:]
        for entry in try Self.entries(what, groups, count) where entry.offset >= 0 {
            found[entry.partition] = KafkaCommittedOffset(offset: Offset(entry.offset), metadata: entry.metadata)
        }
        return found
    }

    /// Commits offsets for a group, which need not exist.
    ///
    /// - Throws: `.busy` if it has members, `.notFound` for a partition that is not there.
    package func commitOffsets(_ offsets: [TopicPartition: Offset], for group: String) throws(KafkaClientError) {
        if offsets.isEmpty { return }
        let what = "The offsets of group \(group) were not changed"
        let list = PartitionList(offsets.map { ($0.key, $0.value.rawValue) })
        var request = rd_kafka_AlterConsumerGroupOffsets_new(group, list.pointer)
        defer { rd_kafka_AlterConsumerGroupOffsets_destroy(request) }
        let answer = try handle.request(what, RD_KAFKA_ADMIN_OP_ALTERCONSUMERGROUPOFFSETS) { client, options, queue in
            rd_kafka_AlterConsumerGroupOffsets(client, &request, 1, options, queue)
        }
        var count = 0
        let groups = rd_kafka_AlterConsumerGroupOffsets_result_groups(
            rd_kafka_event_AlterConsumerGroupOffsets_result(answer.event), &count)
        _ = try Self.entries(what, groups, count)
    }

    /// Forgets what a group has committed for these partitions.
    ///
    /// - Returns: why not, for those partitions where it was refused: `.busy` while members of the group read the topic.
    /// - Throws: `.notFound` for a group that is not there, `.busy` if it has members of which nobody knows what they read.
    package func deleteOffsets(
        of group: String, in partitions: [TopicPartition]
    ) throws(KafkaClientError) -> [TopicPartition: KafkaClientError] {
        if partitions.isEmpty { return [:] }
        let what = "The offsets of group \(group) were not deleted"
        let list = PartitionList(partitions.map { ($0, 0) })
        var request = rd_kafka_DeleteConsumerGroupOffsets_new(group, list.pointer)
        defer { rd_kafka_DeleteConsumerGroupOffsets_destroy(request) }
        let answer = try handle.request(what, RD_KAFKA_ADMIN_OP_DELETECONSUMERGROUPOFFSETS) { client, options, queue in
            rd_kafka_DeleteConsumerGroupOffsets(client, &request, 1, options, queue)
        }
        var count = 0
        let groups = rd_kafka_DeleteConsumerGroupOffsets_result_groups(
            rd_kafka_event_DeleteConsumerGroupOffsets_result(answer.event), &count)
        var refused: [TopicPartition: KafkaClientError] = [:]
        for result in UnsafeBufferPointer(start: groups, count: count) {
            if let error = rd_kafka_group_result_error(result) { throw Self.error(what, error) }
            for entry in PartitionList.entries(of: rd_kafka_group_result_partitions(result))
            where entry.error != RD_KAFKA_RESP_ERR_NO_ERROR {
                refused[entry.partition] = KafkaClientError("\(what): \(entry.partition)", entry.error)
            }
        }
        return refused
    }

    private static func entries(
        _ what: String, _ groups: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int
    ) throws(KafkaClientError) -> [PartitionList.Entry] {
        var entries: [PartitionList.Entry] = []
        for group in UnsafeBufferPointer(start: groups, count: count) {
            if let error = rd_kafka_group_result_error(group) { throw Self.error(what, error) }
            for entry in PartitionList.entries(of: rd_kafka_group_result_partitions(group)) {
                if entry.error != RD_KAFKA_RESP_ERR_NO_ERROR {
                    throw KafkaClientError("\(what): \(entry.partition)", entry.error)
                }
                entries.append(entry)
            }
        }
        return entries
    }
}
