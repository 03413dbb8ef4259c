internal import LogStore
internal import RecordFormat

/// Creates, alters, deletes, lists and describes topics.
public struct Admin: Sendable {
    let broker: Broker

    /// Creates a topic. On return it and its empty partitions survive a power cut.
    ///
    /// - Parameters:
    ///   - name: 1…249 of `[A-Za-z0-9._-]`, not beginning with `__`.
    ///   - configuration: how many partitions, how durable, and what is kept.
    /// - Throws: `.invalidTopicName`, `.invalidConfiguration`, `.topicExists`, `.noSpace`, `.storage`, `.closed`;
    ///   the topic does not exist then.
    @discardableResult
    public func createTopic(
        _ name: String, _ configuration: TopicConfiguration = TopicConfiguration()
    ) async throws(BrokerError) -> TopicDescription {
        try TopicNameRules.checkOutside(name)
        let topic = try await broker.blockingWork { () throws(BrokerError) in
            // What groups have committed for an earlier topic of this name says nothing of the new one.
            if broker.catalogue.topic(name) == nil { try broker.forgetOffsets(of: name) }
            return try broker.catalogue.create(
                name, partitionCount: configuration.partitionCount, writer: .clients(configuration.durability),
                keeping: configuration.keeping, messages: configuration.messages)
        }
        return describe(topic)
    }

    /// Every topic that a client may read, by name; internal ones among them.
    public func topics() -> [TopicDescription] { broker.catalogue.all.map(describe) }

    /// - Throws: `.unknownTopic`.
    public func describe(_ name: String) throws(BrokerError) -> TopicDescription {
        describe(try broker.catalogue.known(name))
    }

    func describe(_ topic: Topic) -> TopicDescription {
        let watermarks = broker.directory.highWatermarks(of: topic.partitions)
        let partitions = zip(topic.partitions, watermarks).map { partition, highWatermark in
            PartitionDescription(
                index: partition.topicPartition.partition, logStart: partition.logStart, highWatermark: highWatermark,
                logEnd: broker.directory.logEnd(of: partition), sizeInBytes: partition.sizeInBytes)
        }
        return TopicDescription(
            name: topic.name, id: "\(topic.id)", configuration: topic.configuration,
            settings: topic.settings, owner: topic.owner, partitions: partitions)
    }
}
