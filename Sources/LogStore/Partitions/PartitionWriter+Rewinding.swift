import RecordFormat
import Synchronization

/// Going back, and putting right what a failure left.
extension PartitionWriter {
    /// Cuts the partition back to a place between two synced batches, and syncs the cut. Later segments are removed,
    /// newest first, so that a power cut in between leaves a shorter log and never a gap. On an error the same call may
    /// be made again.
    ///
    /// The durable mark must not stand behind `position`: lower it first.
    /// - Parameter copying: after a failed sync, puts what is kept of the segments that may have been hit into new files,
    ///   because the kernel may have dropped what it could not write and would not say so again (DESIGN D3).
    mutating func rewind(to position: LogPosition, copying: Bool) throws(DiskError) {
        // What lies there is asked of the disk: a roll that failed half way left files that nobody noted.
        let names = try disk.list(partition.path)
        for base in names.compactMap({ SegmentName.base(of: $0, suffix: ".log") }).sorted().reversed()
        where base > position.segmentBase {
            // The seal for certain before its segment: the next one with this base must not meet it.
            try removeIfThere(Self.companions(of: base), of: names)
            try disk.syncDirectory(partition.path)
            try removeIfThere([SegmentName.log(base)], of: names)
            try disk.syncDirectory(partition.path)
        }
        let base = position.segmentBase
        try removeIfThere(Self.companions(of: base), of: names)
        let left = try disk.list(partition.path)
        try ProducerSnapshots.remove(above: position.nextOffset, among: left, in: partition.path, on: disk)
        try disk.syncDirectory(partition.path)
        try sealKept(before: position, copying: copying)
        // The writer keeps its file until all of this is done: a half-way place belongs to neither.
        let next: any DiskFile
        if copying {
            next = try copy(SegmentName.log(base), as: SegmentName.rewrite(base), upTo: position)
        } else {
            next = base == written.segmentBase ? file : try disk.open(path(SegmentName.log(base)), .readWrite)
            try next.truncate(to: position.size)
            try next.sync()
        }
        file = next
        stand(at: position)
    }

    /// What speaks of a segment and would be wrong once it has other bytes.
    private static func companions(of base: Offset) -> [String] {
        [
            SegmentName.seal(base), SegmentName.index(base), SegmentName.timeIndex(base),
            SegmentName.abortedTransactions(base),
        ]
    }

    /// What a buffered partition had closed and not synced becomes durable first.
    private mutating func sealKept(before position: LogPosition, copying: Bool) throws(DiskError) {
        for segment in closing where segment.end.segmentBase < position.segmentBase {
            let base = segment.end.segmentBase
            if copying {
                _ = try copy(SegmentName.log(base), as: SegmentName.rewrite(base), upTo: segment.end)
            } else {
                try segment.file.truncate(to: segment.end.size)
                try segment.file.sync()
            }
            try segment.seal(in: partition, on: disk)
        }
        closing.removeAll()
    }

    private func removeIfThere(_ wanted: [String], of names: [String]) throws(DiskError) {
        for name in wanted where names.contains(name) {
            if try disk.kind(of: path(name)) != .absent { try disk.remove(path(name)) }
        }
    }

    /// - Returns: the copy, synced and in place of the original.
    private func copy(_ name: String, as temporary: String, upTo end: LogPosition) throws(DiskError) -> any DiskFile {
        let source = try disk.open(path(name), .read)
        let copy = try disk.open(path(temporary), .createEmpty)
        var position = 0
        var copied: UInt32 = 0
        while position < end.size {
            let bytes = try source.bytes(at: position, count: min(1 << 20, end.size - position))
            if bytes.isEmpty { throw DiskError("read", path(name), errno: DiskError.endedEarly) }
            copied = checksum(of: bytes, continuing: copied)
            try copy.writeAll(bytes, at: position)
            position += bytes.count
        }
        // What was synced must not come back otherwise than it was.
        if copied != end.checksum { throw DiskError("read back", path(name), errno: DiskError.differs) }
        if !PlantedBug.rewriteUnsynced.isActive { try copy.sync() }
        try disk.rename(path(temporary), to: path(name))
        try disk.syncDirectory(partition.path)
        return copy
    }

    /// Goes on from `position`, whose bytes are synced.
    private mutating func stand(at position: LogPosition) {
        let isSameSegment = written.segmentBase == position.segmentBase
        written = position
        reserved = position.size
        dirtySince = nil
        forgetUnexposed()
        (producers, epochs, notedEpoch, areEpochsProven) = (nil, nil, nil, false)
        let file = file
        let log = path(SegmentName.log(position.segmentBase))
        let firstAppendTime = partition.segments.withLock { segments in
            segments.removeAll { $0.base > position.segmentBase }
            guard let last = segments.last, last.base == position.segmentBase else {
                preconditionFailure("\(partition.topicPartition) has no segment \(position.segmentBase)")
            }
            segments[segments.count - 1] = Segment(
                base: last.base, path: log, size: position.size, nextOffset: position.nextOffset,
                indexes: last.indexes?.truncated(to: position.size), file: file)
            return last.appendTimes?.lowerBound
        }
        if position.size == 0 {
            smallestAppendTime = nil
        } else if !isSameSegment {
            smallestAppendTime = firstAppendTime ?? lastAppendTime
        }
        settle(to: position)
    }
}
