import RecordFormat
import Synchronization

extension Partition {
    /// Loads the indexes of a segment, or builds them by a walk. Afterwards ``withIndexes(of:_:)`` finds them, unless the
    /// segment was deleted or replaced meanwhile.
    func loadIndexes(of found: FoundSegment, _ file: any DiskFile, on disk: any Disk) throws(DiskError) {
        if found.file == nil, let sealed = try sealedIndexes(of: found, on: disk),
            let indexes = try SegmentIndexes.load(
                disk, folder: path, base: found.base, logSize: found.size, endOffset: found.nextOffset, sealed: sealed)
        {
            found.access.keep(indexes)
            return
        }
        // Nobody looks at when these producers wrote.
        let anyTime = Timestamp(millisecondsSince1970: 0)
        var indexes = SegmentIndexes()
        var producers: ProducerStates?
        var (size, next) = (found.size, found.base)
        while true {
            guard
                let reached = try indexes.walk(
                    file, to: size, base: found.base, from: next, producers: &producers, appendTime: anyTime)
            else {
                // A transaction was aborted, perhaps one that began in an earlier segment.
                indexes = SegmentIndexes()
                producers = try loadProducers(at: found.base, appendTime: anyTime, on: disk)
                next = found.base
                continue
            }
            next = reached
            if found.file == nil { return found.access.keep(indexes) }
            // The active one may have grown during the walk.
            guard let grown = keep(indexes, of: found, isDamaged: indexes.end < size) else { return }
            size = grown
        }
    }

    /// What a closed segment's seal says of its indexes; `nil` if it has no seal, or that says nothing.
    func sealedIndexes(of found: FoundSegment, on disk: any Disk) throws(DiskError) -> SegmentSeal.Indexes? {
        if let known = found.access.sealed { return known }
        var sealed: SegmentSeal.Indexes?
        if let bytes = try disk.contents(of: path + "/" + SegmentName.seal(found.base), limit: 4096),
            let seal = SegmentSeal(decoding: bytes), seal.topicID == topicID,
            seal.partition == topicPartition.partition, seal.baseOffset == found.base,
            seal.nextOffset == found.nextOffset, seal.logSize == found.size
        {
            sealed = seal.indexes
        } else {
            // It may get one yet.
            return nil
        }
        found.access.noteSealed(sealed)
        return sealed
    }
}
