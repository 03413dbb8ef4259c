internal import LogStore
internal import RecordFormat
internal import Synchronization

extension Admin {
    /// Deletes a topic with all its records and with what groups have committed for it. On return nothing brings it back, and its name
    /// is free; the files are removed in the background.
    ///
    /// Appends that wait, and fetches, end with `.unknownTopic`; a fetch that has found its records is answered.
    /// - Throws: `.unknownTopic`; `.readOnlyTopic` for internal topics and for those that a slot captures into; `.recordsNeeded` if a
    ///   downstream still needs records; `.noSpace`, `.closed`, and then the topic is as before; `.storage`, and then it is not
    ///   known whether it is there after the next start.
    public func deleteTopic(_ name: String) async throws(BrokerError) {
        try await broker.blockingWork { () throws(BrokerError) in try broker.deleteTopicNow(name) }
    }
}

extension Broker {
    /// ``Admin/deleteTopic(_:)`` for whoever is the committing thread.
    package func deleteTopicNow(_ name: String) throws(BrokerError) {
        let topic = try changeable(name)
        try checkUnused(topic)
        // Between two steps of compaction, and none of this topic begins afterwards.
        try maintenance.compaction.withLock { turns throws(BrokerError) in
            turns.drop(topic)
            try catalogue.delete(topic)
        }
        // Whoever creates a topic of this name tries again, should it fail.
        try? forgetOffsets(of: name)
        // Without maintenance there is nobody else.
        if !wakeMaintenance() { _ = try? directory.removeDeletedFiles(limit: .max) }
    }

    private func checkUnused(_ topic: Topic) throws(BrokerError) {
        if let slot = topic.owner, sourceIfOpen(slot) != nil {
            throw BrokerError(
                .readOnlyTopic,
                "Topic \(topic.name) is captured by slot \(slot), whose transaction index names its records.",
                remedy: "It can go only with the whole source: capture into a new data directory without that table.")
        }
        for partition in topic.partitions {
            guard let needed = holds.lowest(of: partition.topicPartition) else { continue }
            throw BrokerError(
                .recordsNeeded, "\(partition.topicPartition) is still needed from offset \(needed) on.",
                remedy: "Take what reads it out of the configuration first.")
        }
    }
}
