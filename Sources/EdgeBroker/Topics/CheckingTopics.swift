internal import LogStore

/// What a creation or a change would say, without doing it: administrators ask before they act.
extension Admin {
    /// - Throws: as ``createTopic(_:_:)``, but for what only the disk could say.
    package func checkTopic(_ name: String, _ configuration: TopicConfiguration) throws(BrokerError) {
        try TopicNameRules.checkOutside(name)
        if broker.catalogue.topic(name) != nil { throw .topicExists(name) }
        try TopicCatalogue.check(
            configuration.partitionCount, .clients(configuration.durability), configuration.keeping,
            configuration.messages)
    }

    /// - Throws: as ``alterTopic(_:_:)``, but for what only the disk could say.
    package func checkAlteration(of name: String, _ changes: [TopicSettingChange]) throws(BrokerError) {
        let topic = try broker.changeable(name)
        _ = try broker.altered(topic, changes)
    }
}

extension Broker {
    /// The folder with everything the broker keeps.
    package var dataDirectory: String { directory.configuration.path }

    /// Bytes that the log has and could have, and those of them that are free; `nil` if the disk does not say.
    package var diskSpace: (total: Int64, free: Int64)? {
        do throws(DiskError) {
            let free = try disk.freeBytes(at: dataDirectory)
            return (Int64(directory.usedBytes) + free, free)
        } catch {
            return nil
        }
    }
}
