internal import LogStore
public import RecordFormat

extension Admin {
    /// Makes the records of a partition below `offset` go. On return the new log start survives a power cut; the files go with it as
    /// far as they lie wholly below.
    ///
    /// - Returns: the log start, which is above `offset` if it was so before.
    /// - Throws: `.unknownTopic`; `.readOnlyTopic` for internal topics; `.offsetOutOfRange` above the high watermark; `.recordsNeeded`
    ///   if a flow or another downstream still needs some of them; `.invalidConfiguration` for a topic that is only compacted;
    ///   `.noSpace`, `.storage`, `.closed`. Nothing has gone then.
    @discardableResult
    public func deleteRecords(_ name: TopicPartition, below offset: Offset) async throws(BrokerError) -> Offset {
        let partition = try broker.catalogue.partition(name)
        guard let topic = broker.catalogue.topic(name.topic), !topic.isInternal else {
            throw BrokerError(
                .readOnlyTopic, "Topic \(name.topic) is the broker's own.", remedy: "Its records go by themselves.")
        }
        if !topic.keeping.cleanup.deletes {
            throw BrokerError(
                .invalidConfiguration, "Topic \(name.topic) is compacted and does not delete.",
                remedy: "Append tombstones for the keys that are to go.")
        }
        let limit = broker.limit(of: partition, in: topic)
        if offset > limit, offset <= broker.directory.highWatermark(of: partition) {
            throw BrokerError(
                .recordsNeeded, "\(name) is still needed from offset \(limit) on; \(offset) was asked for.",
                remedy: "Let the flows of this source load, or take them out of the configuration.")
        }
        try await broker.blockingWork { () throws(BrokerError) in
            do throws(LogStoreError) {
                try broker.directory.deleteRecords(of: partition, below: offset)
            } catch {
                throw BrokerError(error)
            }
        }
        return partition.logStart
    }
}
