import RecordFormat
import Synchronization

/// Producers' states out of a partition's files: the newest snapshot that is good, and the batches behind it.
///
/// A snapshot is written with each roll, so little more than a segment is read; and nothing of a segment whose seal says that
/// no producer with an id wrote to it.
extension Partition {
    /// What is known of the producers at `end`, a boundary between two batches that readers may know of.
    /// - Parameter appendTime: of the newest batch.
    func loadProducers(
        at end: Offset, appendTime: Timestamp, on disk: any Disk
    ) throws(DiskError) -> ProducerStates {
        while true {
            if let states = try tryLoadingProducers(at: end, appendTime: appendTime, on: disk) { return states }
        }
    }

    /// - Returns: `nil` if a compaction or a deletion has taken a segment before it could be opened.
    private func tryLoadingProducers(
        at end: Offset, appendTime: Timestamp, on disk: any Disk
    ) throws(DiskError) -> ProducerStates? {
        let found = segments.withLock { segments in segments.map(FoundSegment.init) }
        var states = try newestSnapshot(upTo: end, on: disk) ?? ProducerStates(at: found.first?.base ?? .zero)
        for segment in found where segment.nextOffset > states.end && segment.base < end {
            if segment.base >= states.end, segment.file == nil, segment.nextOffset <= end,
                let sealed = try sealedIndexes(of: segment, on: disk), !sealed.hasProducers
            {
                states.skip(to: segment.nextOffset)
            } else {
                // Later than it was, rather than earlier: a producer that is forgotten too soon repeats a batch unnoticed.
                let appendTime = segment.appendTimes?.upperBound ?? appendTime
                guard let file = try openedIfHeld(segment, on: disk) else { return nil }
                try replay(segment, file, upTo: end, into: &states, at: appendTime)
            }
        }
        states.skip(to: end)
        return states
    }

    /// What its snapshots call it.
    var owner: ProducerStates.Owner {
        ProducerStates.Owner(topicID: topicID, partition: topicPartition.partition)
    }

    private func newestSnapshot(upTo end: Offset, on disk: any Disk) throws(DiskError) -> ProducerStates? {
        let names = try disk.list(path)
        for offset in ProducerSnapshots.offsets(names).reversed() where offset <= end {
            let file = path + "/" + SegmentName.snapshot(offset)
            do throws(DiskError) {
                if let bytes = try disk.contents(of: file, limit: ProducerStates.snapshotSizeLimit),
                    let states = ProducerStates(decodingSnapshot: bytes, of: owner, at: offset)
                {
                    return states
                }
            } catch {
                // Too large to be one of ours. Whatever else the disk says is not to be passed over.
                if error.errno != DiskError.tooLarge { throw error }
            }
        }
        return nil
    }

    private func replay(
        _ segment: FoundSegment, _ file: any DiskFile, upTo end: Offset, into states: inout ProducerStates,
        at appendTime: Timestamp
    ) throws(DiskError) {
        var scanner = BatchScanner(file, from: 0, to: segment.size, expecting: segment.base, countsChecksum: false)
        while true {
            switch try scanner.next() {
            case .end: return
            case .bad:
                guard try scanner.resynchronise(below: segment.nextOffset) else { return }
            case .good(let good):
                if good.nextOffset > end { return }
                if good.header.baseOffset < states.end { continue }
                let isControl = good.header.producerID >= 0 && good.header.attributes.isControl
                let marker = isControl ? scanner.withBytes(of: good) { TransactionMarker(of: $0) } : nil
                states.apply(good.header, marker: marker, at: appendTime)
            }
        }
    }
}

/// The snapshot files of a partition's folder.
enum ProducerSnapshots {
    /// As many are kept: one may be damaged.
    static let kept = 2

    /// Offsets of the snapshots among a folder's names, rising.
    static func offsets(_ names: [String]) -> [Offset] {
        names.compactMap { SegmentName.base(of: $0, suffix: ".snapshot") }.sorted()
    }

    /// Writes a snapshot and removes those that are too many. Not synced: it has a checksum, and can be replayed.
    static func write(_ states: ProducerStates, of partition: Partition, on disk: any Disk) throws(DiskError) {
        let folder = partition.path
        let file = try disk.open(folder + "/" + SegmentName.snapshot(states.end), .createEmpty)
        defer { file.close() }
        try file.writeAll(states.encodedSnapshot(of: partition.owner), at: 0)
        let old = offsets(try disk.list(folder)).filter { $0 <= states.end }.dropLast(kept)
        for offset in old { try disk.remove(folder + "/" + SegmentName.snapshot(offset)) }
    }

    /// Removes those above `end`, where a log was cut: it may reach their offsets again with other batches. Durable once the
    /// folder is synced, which must be before anything is appended.
    /// - Parameter names: of the folder.
    /// - Returns: whether there were any.
    @discardableResult
    static func remove(
        above end: Offset, among names: [String], in folder: String, on disk: any Disk
    ) throws(DiskError) -> Bool {
        let wrong = offsets(names).filter { $0 > end }
        for offset in wrong { try disk.remove(folder + "/" + SegmentName.snapshot(offset)) }
        return !wrong.isEmpty
    }
}
