import RecordFormat
import Synchronization

extension LogDirectory {
    /// Writes Kafka's checkpoints of all partitions, at a clean stop. Recovery asks them where `synced-ends` is lost.
    func writeCheckpoints() throws(DiskError) {
        let partitions = partitions
        for name in [OffsetCheckpoint.Name.recoveryPoint, .logStart] {
            var checkpoint = OffsetCheckpoint()
            for partition in partitions {
                checkpoint.offsets[partition.topicPartition] =
                    name == .logStart ? partition.logStart : partition.syncedEnd
            }
            try disk.replace(
                configuration.path + "/" + name.rawValue, with: checkpoint.encoded, in: configuration.path)
        }
    }
}
