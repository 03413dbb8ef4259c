internal import CRdKafka
package import RecordFormat

/// Reads partitions from given offsets on, for itself alone: no group is asked for. Every call may wait: it belongs on a thread of its own,
/// one at a time; only ``interrupt()`` may come from elsewhere.
///
/// `@unchecked Sendable`: by that rule.
package final class KafkaReader: @unchecked Sendable {
    /// Of one call.
    private static let most = 5000

    private let handle: ClientHandle
    private let queue: OpaquePointer
    private var topics: [String: OpaquePointer] = [:]
    private var started: Set<TopicPartition> = []
    private var presence = ServerPresence()

    /// How long a server has to answer: whoever waits for an end waits no longer for one that is away.
    package static let patience = ClientHandle.patience

    /// - Parameter isCommittedOnly: leave out what was aborted, and wait for transactions that are open.
    /// - Throws: `.property`, `.unreachable`, `.refused`.
    package init(_ properties: ClientProperties, isCommittedOnly: Bool) throws(KafkaClientError) {
        var own = ClientProperties()
        own.set("isolation.level", isCommittedOnly ? "read_committed" : "read_uncommitted")
        // What is not there is told: nothing is skipped or repeated behind anybody's back.
        var fixed = ClientProperties()
        fixed.set("auto.offset.reset", "error")
        fixed.set("enable.partition.eof", "true")
        let handle = try ClientHandle(RD_KAFKA_CONSUMER, own.with(properties).with(fixed))
        _ = try handle.metadata(.servers)
        guard let queue = rd_kafka_queue_new(handle.pointer) else {
            throw KafkaClientError("Reading", RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE)
        }
        self.handle = handle
        self.queue = queue
    }

    deinit {
        for partition in started { stop(partition) }
        for topic in topics.values { rd_kafka_topic_destroy(topic) }
        rd_kafka_queue_destroy(queue)
    }

    /// Ends every wait, now and later, with `.cancelled`.
    package func interrupt() { handle.interrupt() }

    /// Begins with a partition, or goes on elsewhere in it.
    package func start(_ partition: TopicPartition, from offset: Offset) throws(KafkaClientError) {
        if started.contains(partition) { stop(partition) }
        let known = topics[partition.topic] ?? rd_kafka_topic_new(handle.pointer, partition.topic, nil)
        guard let topic = known else { throw KafkaClientError("\(partition)", rd_kafka_last_error()) }
        topics[partition.topic] = topic
        if rd_kafka_consume_start_queue(topic, partition.partition, offset.rawValue, queue) != 0 {
            throw KafkaClientError("\(partition) cannot be read", rd_kafka_last_error())
        }
        started.insert(partition)
    }

    /// Nothing more of this partition is wanted. What has been fetched already may still come.
    package func stop(_ partition: TopicPartition) {
        guard let topic = topics[partition.topic], started.remove(partition) != nil else { return }
        rd_kafka_consume_stop(topic, partition.partition)
    }

    /// The oldest offset that the server keeps now.
    package func logStart(of partition: TopicPartition) throws(KafkaClientError) -> Offset? {
        var (low, high) = (Int64(0), Int64(0))
        let response = rd_kafka_query_watermark_offsets(
            handle.pointer, partition.topic, partition.partition, &low, &high, ClientHandle.patienceInMilliseconds)
        if response != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaClientError("\(partition)", response) }
        return low >= 0 ? Offset(low) : nil
    }

    /// Waits a moment for more.
    /// - Returns: nothing if nothing has come by then.
    /// - Throws: `.cancelled`, `.refused`.
    package func next() throws(KafkaClientError) -> [ReadEvent] {
        let events = try poll()
        return events + [presence.change(after: events, of: handle)].compactMap { $0 }
    }

    private func poll() throws(KafkaClientError) -> [ReadEvent] {
        try handle.checkInterrupted()
        // Serves the client's own errors.
        rd_kafka_poll(handle.pointer, 0)
        if let refusal = handle.reports.trouble.refusal { throw refusal }
        // The batch call waits until it has so many, or until its time is over: the first record must not wait for others.
        guard let first = rd_kafka_consume_queue(queue, ClientHandle.slice) else { return [] }
        let event = ReadEvent(first)
        rd_kafka_message_destroy(first)
        return [event].compactMap { $0 }
            + withUnsafeTemporaryAllocation(
                of: UnsafeMutablePointer<rd_kafka_message_t>?.self, capacity: Self.most
            ) { messages in
                let count = rd_kafka_consume_batch_queue(queue, 0, messages.baseAddress, Self.most)
                var events: [ReadEvent] = []
                for message in messages.prefix(max(0, count)) {
                    guard let message else { continue }
                    if let event = ReadEvent(message) { events.append(event) }
                    rd_kafka_message_destroy(message)
                }
                return events
            }
    }
}
