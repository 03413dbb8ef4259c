import RecordFormat
import Synchronization

extension PartitionWriter {
    /// Takes note of the epoch of a batch that is about to be appended, and writes the file with an epoch's first one.
    mutating func noteEpoch(of batch: StagedBatch) {
        let epoch = batch.header.partitionLeaderEpoch
        if epoch == notedEpoch { return }
        notedEpoch = epoch
        do throws(DiskError) {
            var known: LeaderEpochs
            if let epochs { known = epochs } else { known = try partition.loadLeaderEpochs(at: written, on: disk) }
            known.advance(to: partition.logStart)
            if known.note(epoch, at: batch.range.lowerBound) { try partition.store(known, on: disk) }
            epochs = known
        } catch {
            // A cache must not keep anybody from appending: whoever needs it next finds out that the file is behind.
            epochs = nil
        }
    }
}
