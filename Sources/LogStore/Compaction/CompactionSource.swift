import RecordFormat
import Synchronization

/// A closed segment that a compaction reads.
struct CompactionSource {
    let segment: ClosedSegment
    let seal: SegmentSeal
    let found: FoundSegment

    var mayHaveProducers: Bool { seal.indexes?.hasProducers ?? true }
}

extension Partition {
    /// The sealed segments from the oldest on, up to the first that has no valid seal: only those are closed for good.
    func compactionSources(on disk: any Disk) throws(DiskError) -> [CompactionSource] {
        let found = segments.withLock { segments in segments.dropLast().map(FoundSegment.init) }
        var sources: [CompactionSource] = []
        for segment in found {
            guard let bytes = try disk.contents(of: path + "/" + SegmentName.seal(segment.base), limit: 4096),
                let seal = SegmentSeal(decoding: bytes), seal.topicID == topicID,
                seal.partition == topicPartition.partition, seal.baseOffset == segment.base,
                seal.nextOffset == segment.nextOffset, seal.logSize == segment.size
            else { break }
            sources.append(
                CompactionSource(
                    segment: ClosedSegment(seal), seal: seal, found: segment))
        }
        return sources
    }
}

/// Walks a source from its first batch to its last and holds it against its seal. What a compaction writes gets a new seal, so
/// damage must not pass for sound here.
struct SourceWalk {
    let source: CompactionSource
    let file: any DiskFile
    private var scanner: BatchScanner

    init(_ source: CompactionSource, on disk: any Disk) throws(DiskError) {
        self.source = source
        if let open = source.found.file { file = open } else { file = try disk.open(source.found.path, .read) }
        scanner = BatchScanner(file, from: 0, to: source.segment.bytes, expecting: source.segment.base)
    }

    /// - Returns: `nil` behind the last batch.
    /// - Throws: `.corrupt` if a batch is damaged, or the whole is not what the seal says.
    mutating func next(in partition: Partition) throws(LogStoreError) -> BatchScanner.Good? {
        let step: BatchScanner.Step
        do throws(DiskError) { step = try scanner.next() } catch {
            throw LogStoreError("Cannot compact \(partition.topicPartition)", error)
        }
        let cause: String
        switch step {
        case .good(let good): return good
        case .bad(let reason): cause = reason
        case .end:
            if scanner.expected == source.segment.nextOffset, scanner.checksum == source.seal.logChecksum { return nil }
            cause = "its bytes are not those that were sealed"
        }
        throw LogStoreError(
            .corrupt,
            "\(partition.topicPartition) is not compacted: \(file.path) is damaged at byte \(scanner.position): \(cause).",
            remedy: "Run `edgebroker log repair --dry-run`; everything that is intact can be read meanwhile.")
    }

    func withBytes<Result>(of good: BatchScanner.Good, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        scanner.withBytes(of: good, body)
    }
}
