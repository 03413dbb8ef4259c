package import RecordFormat
import Synchronization

/// Whole batches as they lie in the log, checked.
package struct ReadBatches: Sendable {
    /// Each batch's bytes, in order. The first may begin below the offset that was asked for.
    package var batches: [[UInt8]] = []
    /// Where the next read goes on.
    package var nextOffset: Offset
}

extension LogDirectory {
    /// Reads whole batches from the one that holds `offset` on, below `limit` and about `maxBytes`, at least one if
    /// there is one.
    ///
    /// Every batch's CRC and place are checked before it is handed out. Batches that a compaction has emptied are passed over:
    /// then the result's next offset lies above `offset`, even if there is no batch behind them.
    /// - Throws: `.offsetOutOfRange` below the log start; `.corrupt` where the batch that holds `offset` is damaged,
    ///   with the next offset that can be read; `.storage` if the disk refuses.
    package func read(
        _ partition: Partition, from offset: Offset, upTo limit: Offset, maxBytes: Int
    ) throws(LogStoreError) -> ReadBatches {
        var result = ReadBatches(nextOffset: offset)
        result.nextOffset = try read(partition, from: offset, upTo: limit, maxBytes: maxBytes) { _, bytes in
            result.batches.append(Array(bytes))
        }
        return result
    }

    /// Reads as ``read(_:from:upTo:maxBytes:)`` does, and calls `body` with each batch where it was read to: the bytes are
    /// there only until `body` returns.
    ///
    /// - Parameter body: the header of a batch of at least one record, and the whole batch.
    /// - Returns: where the next read goes on.
    /// - Complexity: a copy by the system and a CRC. Nothing is allocated for a batch or a record.
    package func read(
        _ partition: Partition, from offset: Offset, upTo limit: Offset, maxBytes: Int,
        _ body: (RecordBatchHeader, UnsafeRawBufferPointer) -> Void
    ) throws(LogStoreError) -> Offset {
        var next = offset
        var bytesLeft = maxBytes
        while next < limit, bytesLeft > 0 {
            do throws(LogStoreError) {
                // Small reads stay small: a fetch of one record from the tail must not pull a megabyte.
                let chunk = min(Self.largestChunk, max(Self.smallestChunk, bytesLeft))
                bytesLeft -= try withReader(partition, at: next, chunk: chunk) { reader throws(DiskError) in
                    try reader.read(from: &next, upTo: limit, maxBytes: bytesLeft, body)
                }
            } catch {
                // What was good is handed out first; the error comes with the next read.
                if next == offset { throw error }
                break
            }
        }
        return next
    }

    /// Lets `body` read the segment that holds `offset`.
    func withReader<Result>(
        _ partition: Partition, at offset: Offset, chunk: Int,
        _ body: (inout SegmentReader) throws(DiskError) -> (Result, damage: SegmentReader.Damage?)
    ) throws(LogStoreError) -> Result {
        let (segment, file) = try open(partition, holding: offset)
        var reader = SegmentReader(
            partition, segment, file, on: disk, chunk: chunk, reusing: readBuffers.take())
        defer { readBuffers.giveBack(reader.takeBuffer()) }
        let damage: SegmentReader.Damage
        do throws(DiskError) {
            let (result, found) = try body(&reader)
            guard let found else { return result }
            damage = found
        } catch {
            throw LogStoreError("Cannot read \(partition.topicPartition)", error)
        }
        throw LogStoreError(damage, in: segment, of: partition)
    }

    /// Two steps of an index: a search mostly ends within.
    static var smallestChunk: Int { 8 << 10 }
    /// What is read at a time is checked while it is still in the processor's cache.
    static var largestChunk: Int { 256 << 10 }

    private func open(
        _ partition: Partition, holding offset: Offset
    ) throws(LogStoreError) -> (FoundSegment, any DiskFile) {
        while true {
            let segment = try partition.segment(holding: offset)
            do throws(DiskError) {
                if let file = segment.file { return (segment, file) }
                let file = try openSegments.file(of: segment.path, segment.access, on: disk)
                // Otherwise the name may be that of its replacement by now.
                if partition.holds(segment) { return (segment, file) }
            } catch {
                // Retention or a compaction may have taken the file since the look. Then another look says what is there now.
                if error.isAbsent, offset < partition.logStart || !partition.holds(segment) { continue }
                throw LogStoreError("Cannot read \(partition.topicPartition)", error)
            }
        }
    }
}

extension LogStoreError {
    fileprivate init(_ damage: SegmentReader.Damage, in segment: FoundSegment, of partition: Partition) {
        let (first, end) = (damage.offsets.lowerBound, damage.offsets.upperBound)
        let following = partition.segments.withLock { segments in segments.first { $0.base >= end }?.base }
        self.init(
            .corrupt, "\(segment.path): offsets \(first)..\(end.advanced(by: -1)) at byte \(damage.byte) are damaged.",
            remedy: "The rest can be read. Run `edgebroker log verify` for the whole picture.",
            nextReadable: damage.isFollowed ? end : following)
    }
}
