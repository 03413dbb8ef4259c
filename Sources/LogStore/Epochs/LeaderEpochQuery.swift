import RecordFormat
import Synchronization

extension LogDirectory {
    /// At which offset each leader epoch of a partition began: what Kafka's OffsetForLeaderEpoch is answered from. Blocking the
    /// first time: the file has no checksum, so the batches are asked.
    /// - Throws: `.storage` if the disk refuses to read.
    package func leaderEpochs(of partition: Partition) throws(LogStoreError) -> LeaderEpochs {
        let writer = committing.withLock { $0.writers[partition.slot] }
        let (proven, end) = writer.withLock { ($0.provenEpochs, $0.written) }
        if let proven { return proven }
        do throws(DiskError) {
            let told = try partition.leaderEpochsOfBatches(upTo: end, on: disk)
            return writer.withLock { $0.prove(told, upTo: end) }
        } catch {
            throw LogStoreError("Cannot read the leader epochs of \(partition.topicPartition)", error)
        }
    }
}

extension PartitionWriter {
    fileprivate var provenEpochs: LeaderEpochs? {
        if !areEpochsProven { return nil }
        var known = epochs
        known?.advance(to: partition.logStart)
        return known
    }

    /// - Parameter told: by the batches that readers knew of when `end` was the end of what was written.
    fileprivate mutating func prove(_ told: LeaderEpochs, upTo end: LogPosition) -> LeaderEpochs {
        var known = told
        // A batch that was appended meanwhile, or that readers do not know of yet.
        if let notedEpoch, let last = epochs?.entries.last, last.epoch == notedEpoch {
            known.note(last.epoch, at: last.start)
        }
        // After a cut the batches may have been others, and without a noted epoch one may be missing.
        if written.nextOffset >= end.nextOffset, notedEpoch == nil || epochs != nil {
            epochs = known
            areEpochsProven = true
        }
        known.advance(to: partition.logStart)
        return known
    }
}
