package import RecordFormat
import Synchronization

extension LogDirectory {
    /// The first record from the log start on whose timestamp is not before `timestamp`, as Kafka's ListOffsets finds it.
    ///
    /// Segments that are earlier as a whole are passed over by their seals; in the one that is left the time index says where to
    /// begin. Records that are damaged cannot be found, those behind them can.
    /// - Parameter limit: only records below it count.
    /// - Returns: its offset and timestamp; `nil` if there is none.
    /// - Throws: `.storage` if the disk refuses to read.
    package func offset(
        in partition: Partition, at timestamp: Timestamp, upTo limit: Offset
    ) throws(LogStoreError) -> (offset: Offset, timestamp: Timestamp)? {
        let segments = partition.segments.withLock { segments in segments.map(FoundSegment.init) }
        for segment in segments where segment.nextOffset > partition.logStart && segment.base < limit {
            guard let start = try start(of: timestamp, in: segment, of: partition) else { continue }
            var next = max(start, partition.logStart)
            let end = min(limit, segment.nextOffset)
            var search = TimeSearch(timestamp: timestamp, first: next)
            while next < end {
                search.first = next
                do throws(LogStoreError) {
                    next = try read(partition, from: next, upTo: end, maxBytes: Self.smallestChunk) {
                        search.look($0, $1)
                    }
                } catch {
                    guard error.code == .corrupt, let good = error.nextReadable, good > next else { throw error }
                    next = good
                }
                if let found = search.found { return found.offset < end ? found : nil }
            }
        }
        return nil
    }

    /// - Returns: where in the segment to begin; `nil` if all of it is earlier.
    private func start(
        of timestamp: Timestamp, in segment: FoundSegment, of partition: Partition
    ) throws(LogStoreError) -> Offset? {
        do throws(DiskError) {
            if segment.file == nil, let sealed = try partition.sealedIndexes(of: segment, on: disk),
                sealed.largestTimestamp.map({ $0 < timestamp }) ?? true
            {
                return nil
            }
            if partition.withIndexes(of: segment, { _ in true }) == nil {
                // If retention or a compaction took it since the look, whatever is there now is looked through.
                guard let file = try partition.openedIfHeld(segment, on: disk) else { return segment.base }
                try partition.loadIndexes(of: segment, file, on: disk)
            }
        } catch {
            throw LogStoreError("Cannot read \(partition.topicPartition)", error)
        }
        let entry = partition.withIndexes(of: segment) { indexes in
            indexes.times.largest.map { $0 < timestamp } ?? false
                ? nil : Optional(indexes.times.entry(before: timestamp))
        }
        // Without indexes, as behind damage, the whole segment is looked through.
        guard let entry else { return segment.base }
        guard let entry else { return nil }
        return entry.map { segment.base.advanced(by: Int64($0.relativeOffset)) } ?? segment.base
    }
}

/// What a search has come across so far.
private struct TimeSearch: ~Copyable {
    let timestamp: Timestamp
    /// Records before it do not count.
    var first: Offset
    var found: (offset: Offset, timestamp: Timestamp)?
    private var decoder = RecordDecoder()

    init(timestamp: Timestamp, first: Offset) {
        self.timestamp = timestamp
        self.first = first
    }

    mutating func look(_ header: RecordBatchHeader, _ batch: UnsafeRawBufferPointer) {
        if found != nil || header.maxTimestamp < timestamp || header.attributes.isControl { return }
        if header.attributes.timestampType == .logAppendTime {
            found = (max(header.baseOffset, first), header.maxTimestamp)
            return
        }
        do throws(RecordFormatError) {
            found = try decoder.withRecords(of: batch, checked: header) { cursor throws(RecordFormatError) in
                while let record = try cursor.next() {
                    if record.timestamp >= timestamp, record.offset >= first {
                        return (record.offset, record.timestamp)
                    }
                }
                return nil
            }
        } catch {
            // Written wrongly: its first offset is as near as it gets.
            found = (max(header.baseOffset, first), header.maxTimestamp)
        }
    }
}
