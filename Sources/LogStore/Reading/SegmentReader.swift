import RecordFormat
import Synchronization

/// Reads batches out of one segment.
struct SegmentReader {
    let disk: any Disk
    let partition: Partition
    let segment: Segment

    /// Small reads stay small: a fetch of one record from the tail must not pull a megabyte.
    private static let smallestChunk = 64 << 10

    /// Adds batches to `result` from `result.nextOffset` on, which the segment holds.
    /// - Returns: bytes added, at least one batch.
    func read(into result: inout ReadBatches, upTo limit: Offset, maxBytes: Int) throws(LogStoreError) -> Int {
        do {
            let file = try file()
            let chunk = min(1 << 20, max(Self.smallestChunk, maxBytes))
            if let hint = try hint(for: result.nextOffset, file) {
                var scanner = BatchScanner(
                    file, from: hint.position, to: segment.size, expecting: hint.baseOffset, chunk: chunk)
                if let bytes = try read(&scanner, into: &result, upTo: limit, maxBytes: maxBytes) { return bytes }
            }
            // Without a usable index entry, or after one that led nowhere: from the start. An index is only a cache.
            var scanner = BatchScanner(file, from: 0, to: segment.size, expecting: segment.base, chunk: chunk)
            while true {
                if let bytes = try read(&scanner, into: &result, upTo: limit, maxBytes: maxBytes) { return bytes }
                let damaged = scanner.expected
                let byte = scanner.position
                let found = try scanner.resynchronise(below: segment.nextOffset)
                let end = found ? scanner.expected : segment.nextOffset
                if found, end <= result.nextOffset { continue }
                throw damage(damaged..<max(damaged, end), byte: byte, found: found)
            }
        } catch let error as DiskError {
            throw LogStoreError("Cannot read \(partition.topicPartition)", error)
        } catch let error as LogStoreError {
            throw error
        } catch {
            preconditionFailure("Reading throws only the disk's and the log's errors: \(error)")
        }
    }

    /// - Returns: bytes added, or `nil` if it met a bad batch before it could add one.
    private func read(
        _ scanner: inout BatchScanner, into result: inout ReadBatches, upTo limit: Offset, maxBytes: Int
    ) throws(DiskError) -> Int? {
        var bytes = 0
        while bytes < maxBytes {
            switch try scanner.next() {
            case .bad, .end: return bytes > 0 ? bytes : nil
            case .good(let good):
                if good.nextOffset <= result.nextOffset { continue }
                if good.header.baseOffset >= limit { return bytes > 0 ? bytes : nil }
                result.batches.append(Array(scanner.bytes(of: good)))
                result.nextOffset = good.nextOffset
                bytes += good.size
            }
        }
        return bytes
    }

    private func damage(_ offsets: Range<Offset>, byte: Int, found: Bool) -> LogStoreError {
        let following = partition.segments.withLock { segments in segments.first { $0.base >= offsets.upperBound }?.base
        }
        let next: Offset? = found ? offsets.upperBound : following
        return LogStoreError(
            .corrupt,
            "\(segment.path): offsets \(offsets.lowerBound)..\(offsets.upperBound.advanced(by: -1)) at byte \(byte) are damaged.",
            remedy: "The rest can be read. Run `edgebroker log verify` for the whole picture.", nextReadable: next)
    }

    private func file() throws(DiskError) -> any DiskFile {
        if let file = segment.file { return file }
        return try disk.open(segment.path, .read)
    }

    // MARK: The index

    private struct Hint {
        let position: Int
        let baseOffset: Offset
    }

    /// Where to begin, and which offset a good batch there must begin with: the index names the last offset of that
    /// batch, and the distance from first to last is under the batch's CRC.
    private func hint(for offset: Offset, _ file: any DiskFile) throws(DiskError) -> Hint? {
        guard let entry = try index(file).entry(before: offset, base: segment.base) else { return nil }
        let position = Int(entry.filePosition)
        let bytes = try file.bytes(at: position, count: RecordBatchHeader.encodedSize)
        guard bytes.count == RecordBatchHeader.encodedSize,
            let header = bytes.withUnsafeBytes({ try? RecordBatchHeader(decoding: $0) })
        else { return nil }
        let last = segment.base.rawValue + Int64(entry.relativeOffset)
        let first = last - Int64(header.lastOffsetDelta)
        return first >= segment.base.rawValue ? Hint(position: position, baseOffset: Offset(first)) : nil
    }

    private func index(_ file: any DiskFile) throws(DiskError) -> OffsetIndex {
        if let index = segment.index { return index }
        let index: OffsetIndex
        if let stored = stored() { index = stored } else { index = try rebuilt(file) }
        partition.segments.withLock { segments in
            guard let place = segments.firstIndex(where: { $0.base == segment.base }) else { return }
            // The active segment may have grown since: what was built is right for its part, and the rest is walked.
            if segments[place].index == nil { segments[place].index = index }
        }
        return index
    }

    /// The index file, if it is there and fits; it is only a cache, so why it does not is no matter.
    private func stored() -> OffsetIndex? {
        if segment.file != nil { return nil }
        let path = segment.path.dropLast(".log".count) + ".index"
        let limit = segment.size / OffsetIndex.interval * OffsetIndexEntry.encodedSize + OffsetIndexEntry.encodedSize
        guard let bytes = try? disk.contents(of: String(path), limit: limit) else { return nil }
        return OffsetIndex(decoding: bytes, logSize: segment.size)
    }

    private func rebuilt(_ file: any DiskFile) throws(DiskError) -> OffsetIndex {
        var index = OffsetIndex()
        var scanner = BatchScanner(file, from: 0, to: segment.size, expecting: segment.base)
        while case .good(let good) = try scanner.next() {
            index.note(
                lastOffset: good.header.lastOffset, position: good.position, size: good.size, base: segment.base)
        }
        return index
    }
}
