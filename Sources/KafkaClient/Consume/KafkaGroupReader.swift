internal import CRdKafka
package import RecordFormat

/// Reads topics as a member of a group. Every call may wait: it belongs on a thread of its own, one at a time.
///
/// `@unchecked Sendable`: as its handle, and by that rule.
package final class KafkaGroupReader: @unchecked Sendable {
    /// Of one call.
    private static let most = 5000

    private let handle: ClientHandle
    private var presence = ServerPresence()

    /// - Parameter startsAtEarliest: where the group has committed nothing; otherwise at the end.
    /// - Throws: `.property`, `.unreachable`, `.refused`.
    package init(
        _ properties: ClientProperties, group: String, topics: [String], startsAtEarliest: Bool, isCommittedOnly: Bool
    ) throws(KafkaClientError) {
        var own = ClientProperties()
        own.set("isolation.level", isCommittedOnly ? "read_committed" : "read_uncommitted")
        own.set("auto.offset.reset", startsAtEarliest ? "earliest" : "latest")
        var fixed = ClientProperties()
        fixed.set("group.id", group)
        fixed.set("enable.partition.eof", "true")
        // Only what was handled is committed: `done` says what was.
        fixed.set("enable.auto.offset.store", "false")
        handle = try ClientHandle(RD_KAFKA_CONSUMER, own.with(properties).with(fixed), closesConsumer: true)
        _ = try handle.metadata(.servers)
        rd_kafka_poll_set_consumer(handle.pointer)
        let list = PartitionList(topics.map { (TopicPartition(topic: $0, partition: -1), 0) })
        let response = rd_kafka_subscribe(handle.pointer, list.pointer)
        if response != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaClientError("Group \(group)", response) }
    }

    /// Ends every wait, now and later, with `.cancelled`. From any thread.
    package func interrupt() { handle.interrupt() }

    /// Waits a moment for more.
    /// - Returns: nothing if nothing has come by then.
    /// - Throws: `.cancelled`.
    package func next() throws(KafkaClientError) -> [ReadEvent] {
        try handle.checkInterrupted()
        var events: [ReadEvent] = []
        while events.count < Self.most {
            // Whoever has something does not wait for more.
            let wait = events.isEmpty ? ClientHandle.slice : 0
            guard let message = rd_kafka_consumer_poll(handle.pointer, wait) else { break }
            if let event = ReadEvent(message) { events.append(event) }
            rd_kafka_message_destroy(message)
        }
        if let refusal = handle.reports.trouble.refusal { throw refusal }
        return events + [presence.change(after: events, of: handle)].compactMap { $0 }
    }

    /// What this member has been given; empty until it has joined.
    package var assignment: [TopicPartition] {
        var list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?
        guard rd_kafka_assignment(handle.pointer, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return [] }
        defer { rd_kafka_topic_partition_list_destroy(list) }
        return PartitionList.entries(of: list).map(\.partition)
    }

    /// Everything before these offsets is handled; it is committed every few seconds and when the member leaves.
    package func done(_ offsets: [TopicPartition: Offset]) {
        let list = PartitionList(offsets.map { ($0.key, $0.value.rawValue) })
        // A partition that was taken away meanwhile is its next owner's to commit.
        rd_kafka_offsets_store(handle.pointer, list.pointer)
    }

    /// Commits what is handled and leaves the group, so that its partitions go to others at once.
    /// - Throws: what the last commit met.
    package func leave() throws(KafkaClientError) {
        let response = rd_kafka_consumer_close(handle.pointer)
        if response != RD_KAFKA_RESP_ERR_NO_ERROR, response != RD_KAFKA_RESP_ERR__DESTROY {
            throw KafkaClientError("Leaving the group", response)
        }
    }
}
