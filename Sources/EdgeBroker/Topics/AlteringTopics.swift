internal import LogStore
internal import RecordFormat

extension Admin {
    /// Changes settings of a topic; what is not named stays. On return they are in force and survive a power cut. Only the change
    /// between synced and buffered takes effect with the next opening of the broker if the topic was appended to since the last
    /// one.
    ///
    /// - Parameters:
    ///   - name: of a topic of clients, or a captured one.
    ///   - changes: in their order; docs/topic-settings.md has the names.
    /// - Throws: `.unknownTopic`; `.readOnlyTopic` for internal topics; `.invalidConfiguration` with every mistake, also for what a
    ///   captured topic cannot be; `.noSpace`, `.storage`, `.closed`. Nothing is changed then.
    @discardableResult
    public func alterTopic(
        _ name: String, _ changes: [TopicSettingChange]
    ) async throws(BrokerError) -> TopicDescription {
        let topic = try await broker.blockingWork { () throws(BrokerError) in
            let topic = try broker.changeable(name)
            let (writer, new) = try broker.altered(topic, changes)
            if new == topic.configuration { return topic }
            return try broker.catalogue.alter(topic, writer, new.keeping, new.messages)
        }
        return describe(topic)
    }

    /// Gives a topic more partitions. On return they survive a power cut. Records stay where they are, so a key that is spread by its
    /// hash may go on in another partition.
    ///
    /// - Parameters:
    ///   - name: of a topic of clients.
    ///   - total: how many there are then: more than now, at most 10,000.
    /// - Throws: `.unknownTopic`; `.readOnlyTopic` for internal and captured topics; `.invalidConfiguration`; `.noSpace`, `.storage`,
    ///   `.closed`. The topic is as before then.
    @discardableResult
    public func createPartitions(_ name: String, total: Int32) async throws(BrokerError) -> TopicDescription {
        let topic = try await broker.blockingWork { () throws(BrokerError) in
            let topic = try broker.changeable(name)
            if let slot = topic.owner {
                throw BrokerError(
                    .readOnlyTopic, "Topic \(name) is captured by slot \(slot), which writes one partition.",
                    remedy: "Leave it as it is.")
            }
            guard total > topic.partitions.count else {
                throw BrokerError(
                    .invalidConfiguration,
                    "Topic \(name) has \(topic.partitions.count) partitions; \(total) are not more.",
                    remedy: "Partitions can only be added: their records cannot be put together again.")
            }
            return try broker.catalogue.grow(topic, to: total)
        }
        return describe(topic)
    }
}

extension Broker {
    /// What a topic would be after `changes`.
    func altered(
        _ topic: Topic, _ changes: [TopicSettingChange]
    ) throws(BrokerError) -> (writer: TopicWriter, configuration: TopicConfiguration) {
        let new = try topic.configuration.applying(changes, defaults: topic.defaults)
        switch topic.writer {
        case .clients: return (.clients(new.durability), new)
        case .capture, .broker:
            if new.durability != .synced || new.keeping.cleanup.compacts || new.messages != topic.messages {
                throw BrokerError(
                    .invalidConfiguration,
                    "Topic \(topic.name) is captured: its records are synced, as they came, and not compacted.",
                    remedy: "Leave durability, cleanup.policy, max.message.bytes and message.timestamp.type.")
            }
            return (topic.writer, new)
        }
    }

    /// A topic that is not the broker's own.
    ///
    /// - Throws: `.unknownTopic`, `.readOnlyTopic`.
    func changeable(_ name: String) throws(BrokerError) -> Topic {
        let topic = try catalogue.known(name)
        if !topic.isInternal { return topic }
        throw BrokerError(
            .readOnlyTopic, "Topic \(name) is the broker's own.", remedy: "Leave it: the broker depends on how it is.")
    }
}
