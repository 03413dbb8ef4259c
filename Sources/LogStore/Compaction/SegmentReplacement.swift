import RecordFormat
import Synchronization

/// Putting a compacted segment in the place of those it was made of. The steps and their order: ``InterruptedCompaction``.
extension Partition {
    /// Blocking. Appends go on meanwhile, deletions wait.
    ///
    /// - Parameters:
    ///   - old: neighbours, oldest first. The new log is there, synced, as `B.log.cleaned`.
    ///   - indexes: of the new log.
    /// - Returns: the new segment; `nil` if a deletion has taken one of the old ones, and then nothing is changed.
    /// - Throws: up to the new seal's appearance everything is as before, and after it the replacement will be finished by the
    ///   next compaction or the next start.
    func replace(
        _ old: [FoundSegment], _ seal: SegmentSeal, _ indexes: SegmentIndexes, on disk: any Disk
    ) throws(DiskError) -> CompactionSource? {
        try maintenance.withLock { maintenance throws(DiskError) in
            let base = seal.baseOffset
            let cleaned = path + "/" + SegmentName.cleanedLog(base)
            guard old.allSatisfy({ holds($0) }) else {
                try disk.remove(cleaned)
                return nil
            }
            maintenance.isInterrupted = true
            try disk.rename(cleaned, to: path + "/" + SegmentName.swapLog(base))
            if !PlantedBug.noDirectorySync.isActive { try disk.syncDirectory(path) }
            try disk.replace(path + "/" + SegmentName.swapSeal(base), with: seal.encoded, in: path)
            let segment = try install(InterruptedCompaction.Swap(seal: seal, hasLog: false), indexes, on: disk)
            maintenance.isInterrupted = false
            return segment.map { CompactionSource(segment: ClosedSegment(seal), seal: seal, found: $0) }
        }
    }

    /// Finishes what an error has interrupted, if one has. Blocking.
    func finishReplacements(on disk: any Disk) throws(DiskError) {
        try maintenance.withLock { maintenance throws(DiskError) in
            if !maintenance.isInterrupted { return }
            let found = try InterruptedCompaction(
                disk.list(path), in: path, topicID: topicID, partition: topicPartition.partition, on: disk)
            // Whether the names that count are durable is not known.
            try disk.syncDirectory(path)
            for swap in found.swaps { _ = try install(swap, nil, on: disk) }
            let left = try InterruptedCompaction(
                disk.list(path), in: path, topicID: topicID, partition: topicPartition.partition, on: disk)
            _ = try left.finish(in: path, on: disk)
            maintenance.isInterrupted = false
        }
    }

    /// Everything from the appearance of the new seal on.
    /// - Returns: `nil` if none of the old segments is there any more.
    private func install(
        _ swap: InterruptedCompaction.Swap, _ indexes: SegmentIndexes?, on disk: any Disk
    ) throws(DiskError) -> FoundSegment? {
        let seal = swap.seal
        let log = path + "/" + SegmentName.log(swap.base)
        let new = Segment(
            base: swap.base, path: log, size: Int(seal.logSize), nextOffset: seal.nextOffset,
            appendTimes: seal.smallestAppendTime...seal.largestAppendTime)
        // In one step for readers: who finds the new segment finds its file under the name.
        let isThere = try segments.withLock { segments throws(DiskError) in
            let places = segments.indices.filter {
                segments[$0].base >= swap.base && segments[$0].base < seal.nextOffset
            }
            guard let first = places.first, let last = places.last else { return false }
            if !swap.hasLog { try disk.rename(path + "/" + SegmentName.swapLog(swap.base), to: log) }
            segments.replaceSubrange(first...last, with: [new])
            return true
        }
        if !isThere {
            // A deletion has taken them all, between an error and now.
            try disk.remove(path + "/" + SegmentName.swapSeal(swap.base))
            try disk.syncDirectory(path)
            return nil
        }
        try disk.syncDirectory(path)
        try swap.removeReplaced(in: path, on: disk)
        try indexes?.write(base: swap.base, in: path, on: disk)
        try swap.replaceSeal(in: path, on: disk)
        return FoundSegment(new)
    }

    /// Gives a segment whose log stays another seal. Blocking.
    /// - Returns: false if a deletion has taken it.
    func reseal(_ old: FoundSegment, _ seal: SegmentSeal, on disk: any Disk) throws(DiskError) -> Bool {
        try maintenance.withLock { _ throws(DiskError) in
            if !holds(old) { return false }
            try disk.replace(path + "/" + SegmentName.seal(seal.baseOffset), with: seal.encoded, in: path)
            return true
        }
    }
}

extension ClosedSegment {
    init(_ seal: SegmentSeal) {
        self.init(
            base: seal.baseOffset, nextOffset: seal.nextOffset, bytes: Int(seal.logSize),
            appendTimes: seal.smallestAppendTime...seal.largestAppendTime, isCompacted: seal.isCompacted)
    }
}
