import RecordFormat

/// Files that a power cut in the middle of a deletion has left.
extension PartitionRecovery {
    /// Removes segments that lie wholly below the log start, and what belongs to segments that are gone.
    /// - Returns: the base offsets of the segments that are kept, in order.
    mutating func removeDeleted(_ names: [String]) throws(DiskError) -> [Offset] {
        let bases = names.compactMap { SegmentName.base(of: $0, suffix: ".log") }.sorted()
        let kept = kept(bases)
        guard let mark, let firstKept = kept.first else { return bases }
        var removed = false
        for name in names.sorted() {
            // At and above the log start, what speaks of a log that is not there says what is lost.
            guard let base = SegmentName.anyBase(of: name), base < min(firstKept, mark.logStart) else { continue }
            if !SegmentName.removalOrder(of: base).contains(name) { continue }
            if name == SegmentName.gap(base), !gaps.isBelow(mark.logStart, from: base) { continue }
            // A log goes after everything that speaks of it.
            if name.hasSuffix(".log") { continue }
            try disk.remove(path + "/" + name)
            removed = true
        }
        for base in bases where base < firstKept {
            try disk.remove(self.name(base))
            removed = true
        }
        if removed { try disk.syncDirectory(path) }
        return kept
    }

    /// Removes what speaks of segments that begin where the log ends, or later: a power cut has kept it and lost their own names.
    /// The next segment there must not meet it.
    func removeStale(_ names: [String], from end: Offset) throws(DiskError) {
        var removed = false
        for name in names.sorted() {
            guard let base = SegmentName.anyBase(of: name), base >= end,
                [
                    SegmentName.seal(base), SegmentName.index(base), SegmentName.timeIndex(base),
                    SegmentName.abortedTransactions(base),
                ].contains(name), try disk.kind(of: path + "/" + name) == .file
            else { continue }
            try disk.remove(path + "/" + name)
            removed = true
        }
        if removed { try disk.syncDirectory(path) }
    }
}
