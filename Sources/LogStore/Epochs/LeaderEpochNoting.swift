import RecordFormat
import Synchronization

extension PartitionWriter {
    /// Takes note of the epoch of a batch that is about to be appended, and writes the file with an epoch's first one,
    /// or if it is wrong.
    mutating func noteEpoch(of batch: RecordBatchHeader) {
        let epoch = batch.partitionLeaderEpoch
        let areStored = notedEpoch != nil
        notedEpoch = epoch
        do throws(DiskError) {
            var (known, isRight) = (epochs ?? LeaderEpochs(), areStored)
            // Those that were asked for before the first append are right, and the file is perhaps not.
            if epochs == nil { (known, isRight) = try partition.loadLeaderEpochs(at: written, on: disk) }
            known.advance(to: partition.logStart)
            if known.note(epoch, at: batch.baseOffset) || !isRight { try partition.store(known, on: disk) }
            epochs = known
        } catch {
            // A cache must not keep anybody from appending: whoever needs it next finds out that the file is behind.
            epochs = nil
        }
    }
}
