import RecordFormat
import Synchronization

extension LogDirectory {
    /// What the batches below the synced end say of a partition's producers. Blocking: a snapshot is read, and the batches behind
    /// it.
    /// - Throws: `.storage` if the disk refuses to read.
    package func producers(of partition: Partition) throws(LogStoreError) -> ProducerStates {
        let writer = committing.withLock { $0.writers[partition.slot] }
        let (end, appendTime) = writer.withLock { ($0.synced.nextOffset, $0.lastAppendTime) }
        do throws(DiskError) {
            return try partition.loadProducers(at: end, appendTime: appendTime, on: disk)
        } catch {
            throw LogStoreError("Cannot read what producers wrote to \(partition.topicPartition)", error)
        }
    }
}
