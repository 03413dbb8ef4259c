import RecordFormat
import Synchronization

/// A partition's leader epochs out of its files.
///
/// The file is written when an epoch's first batch is appended, and not synced: it may be one that a power cut brought back. It
/// is gone on with if it ends with the epoch of the log's last batch; otherwise the batches tell.
extension Partition {
    /// What to go on with in the file.
    /// - Parameter end: of what was written, all of which readers may know.
    /// - Returns: also whether the file has them.
    /// - Throws: only if the disk refuses to read.
    func loadLeaderEpochs(
        at end: LogPosition, on disk: any Disk
    ) throws(DiskError) -> (epochs: LeaderEpochs, areStored: Bool) {
        let found = segments.withLock { segments in segments.map(FoundSegment.init) }
        if let stored = try storedLeaderEpochs(end, found, on: disk) { return (stored, true) }
        return (try leaderEpochsOfBatches(upTo: end, on: disk), false)
    }

    /// - Parameter end: of what was written; batches that readers may not know yet are not looked at.
    func leaderEpochsOfBatches(upTo end: LogPosition, on disk: any Disk) throws(DiskError) -> LeaderEpochs {
        while true {
            let found = segments.withLock { segments in segments.map(FoundSegment.init) }
            if let rebuilt = try rebuiltLeaderEpochs(end, found, on: disk) { return rebuilt }
        }
    }

    /// Writes the file, so that the next start need not look through the log.
    func store(_ epochs: LeaderEpochs, on disk: any Disk) throws(DiskError) {
        let file = try disk.open(path + "/" + LeaderEpochs.fileName, .createEmpty)
        defer { file.close() }
        try file.writeAll(epochs.encoded, at: 0)
    }

    private func storedLeaderEpochs(
        _ end: LogPosition, _ found: [FoundSegment], on disk: any Disk
    ) throws(DiskError) -> LeaderEpochs? {
        guard let bytes = try disk.readable(path + "/" + LeaderEpochs.fileName, limit: LeaderEpochs.sizeLimit),
            var epochs = LeaderEpochs(decoding: bytes)
        else { return nil }
        epochs.truncate(to: end.nextOffset)
        epochs.advance(to: logStart)
        guard let last = found.last(where: { $0.size > 0 }) else { return epochs.entries.isEmpty ? epochs : nil }
        return try lastEpoch(of: last, end, on: disk) == epochs.latest ? epochs : nil
    }

    /// - Returns: `nil` if nobody knows where the segment's last batch begins, or it is not good.
    private func lastEpoch(
        of segment: FoundSegment, _ end: LogPosition, on disk: any Disk
    ) throws(DiskError) -> Int32? {
        var fingerprint = end.fingerprint
        if segment.base != end.segmentBase {
            let bytes = try disk.readable(path + "/" + SegmentName.seal(segment.base), limit: 4096)
            fingerprint = bytes.flatMap { SegmentSeal(decoding: $0) }?.fingerprint
        }
        guard let fingerprint, let file = try openedIfHeld(segment, on: disk) else { return nil }
        let place = segment.size - Int(fingerprint.lastSize)
        guard place >= 0, let header = try Self.header(at: place, of: segment, file),
            header.crc == fingerprint.lastBatch
        else { return nil }
        return header.partitionLeaderEpoch
    }

    private static func header(
        at place: Int, of segment: FoundSegment, _ file: any DiskFile
    ) throws(DiskError) -> RecordBatchHeader? {
        var scanner = BatchScanner(file, from: place, to: segment.size, expecting: segment.base, chunk: 4096)
        return try scanner.header(at: place)
    }

    /// Epochs never fall, so a segment is read only if it ends with another one than it begins with.
    /// - Returns: `nil` if a segment is no longer there.
    private func rebuiltLeaderEpochs(
        _ end: LogPosition, _ found: [FoundSegment], on disk: any Disk
    ) throws(DiskError) -> LeaderEpochs? {
        var epochs = LeaderEpochs()
        for segment in found where segment.size > 0 {
            guard let file = try openedIfHeld(segment, on: disk) else { return nil }
            let last = try lastEpoch(of: segment, end, on: disk)
            if let first = try Self.header(at: 0, of: segment, file), first.partitionLeaderEpoch == last {
                epochs.note(first.partitionLeaderEpoch, at: segment.base)
                continue
            }
            var scanner = BatchScanner(file, from: 0, to: segment.size, expecting: segment.base, countsChecksum: false)
            while true {
                let step = try scanner.next()
                if case .good(let good) = step {
                    epochs.note(good.header.partitionLeaderEpoch, at: good.header.baseOffset)
                } else if case .bad = step, try scanner.resynchronise(below: segment.nextOffset) {
                    continue
                } else {
                    break
                }
            }
        }
        return epochs
    }
}
