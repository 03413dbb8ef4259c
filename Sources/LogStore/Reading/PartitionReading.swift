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
    /// Every batch's CRC and place are checked before it is handed out.
    /// - Throws: `.offsetOutOfRange` below the log start; `.corrupt` where the batch that holds `offset` is damaged,
    /// with the next
    ///   offset that can be read; `.storage` if the disk refuses.
    package func read(
        _ partition: Partition, from offset: Offset, upTo limit: Offset, maxBytes: Int
    ) throws(LogStoreError) -> ReadBatches {
        var result = ReadBatches(nextOffset: offset)
        var bytesLeft = maxBytes
        while result.nextOffset < limit, bytesLeft > 0 {
            do throws(LogStoreError) {
                let segment = try segment(of: partition, holding: result.nextOffset)
                bytesLeft -= try SegmentReader(disk: disk, partition: partition, segment: segment)
                    .read(into: &result, upTo: limit, maxBytes: bytesLeft)
            } catch {
                // What was good is handed out first; the error comes with the next read.
                if result.batches.isEmpty { throw error }
                break
            }
        }
        return result
    }

    private func segment(of partition: Partition, holding offset: Offset) throws(LogStoreError) -> Segment {
        let (found, next, start) = partition.segments.withLock { segments -> (Segment?, Offset?, Offset) in
            let found = segments.last { $0.base <= offset }
            return (found, segments.first { $0.base > offset }?.base, segments.first?.base ?? .zero)
        }
        guard let found else {
            throw LogStoreError(
                .offsetOutOfRange, "\(partition.topicPartition) begins at offset \(start); \(offset) was asked for.",
                remedy: "Read from \(start).", nextReadable: start)
        }
        if offset >= found.nextOffset {
            throw LogStoreError(
                .corrupt,
                "\(partition.topicPartition) has lost offsets \(found.nextOffset)..\((next ?? offset).advanced(by: -1)).",
                remedy: "Run `edgebroker log verify` to see what is damaged.", nextReadable: next)
        }
        return found
    }
}
