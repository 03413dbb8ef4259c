import Glibc
import LogStore
import RecordFormat

/// Reads partitions one after the other, and what that took.
struct BenchReadRun {
    let directory: LogDirectory
    var figures = BenchFigures()

    private static let readBytes = 1 << 20

    func start(of partition: Partition, _ start: ConsumeStart) throws(LogStoreError) -> Offset {
        let end = directory.highWatermark(of: partition)
        switch start {
        case .earliest, .stored: return partition.logStart
        case .tail(let count): return max(partition.logStart, Offset(max(0, end.rawValue - count)))
        case .latest: return end
        case .offset(let offset): return offset
        case .time(let time): return try directory.offset(in: partition, at: time, upTo: end)?.offset ?? end
        }
    }

    /// Has the system forget the partition's files.
    func forget(_ partition: Partition) throws(DiskError) {
        let disk = PosixDisk()
        for name in try disk.list(partition.path) where name.hasSuffix(".log") {
            let file = try disk.open(partition.path + "/" + name, .read)
            // What is not on the disk yet cannot be forgotten.
            try file.sync()
            if let descriptor = file.descriptor { posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED) }
        }
    }

    mutating func readBatches(of partition: Partition, from offset: Offset) throws(LogStoreError) {
        var (records, bytes) = (0, 0)
        let directory = directory
        try read(partition, from: offset) { next, end throws(LogStoreError) in
            try directory.read(partition, from: next, upTo: end, maxBytes: Self.readBytes) { header, batch in
                records += Int(header.recordCount)
                bytes += batch.count
            }
        }
        figures.records += records
        figures.valueBytes += bytes
    }

    mutating func readRecords(of partition: Partition, from offset: Offset) throws(LogStoreError) {
        var (records, bytes) = (0, 0)
        var decoder = RecordDecoder()
        let directory = directory
        try read(partition, from: offset) { next, end throws(LogStoreError) in
            try directory.readRecords(
                partition, from: next, upTo: end, maxBytes: Self.readBytes, with: &decoder
            ) { record in
                records += 1
                bytes += (record.key?.count ?? 0) + (record.value?.count ?? 0)
            }
        }
        figures.records += records
        figures.valueBytes += bytes
    }

    /// - Parameter step: one read from an offset to an end, which answers where the next begins.
    private mutating func read(
        _ partition: Partition, from offset: Offset, _ step: (Offset, Offset) throws(LogStoreError) -> Offset
    ) throws(LogStoreError) {
        let end = directory.highWatermark(of: partition)
        var next = offset
        while next < end {
            let start = BenchClock.monotonic()
            next = try step(next, end)
            figures.latencies.append(BenchClock.monotonic() - start)
        }
    }

    /// Finds times spread over the partition from `offset` on.
    mutating func find(_ count: Int, in partition: Partition, from offset: Offset) throws(LogStoreError) {
        let end = directory.highWatermark(of: partition)
        guard offset < end else { return }
        var span: ClosedRange<Int64>?
        for place in [offset, end.advanced(by: -1)] {
            _ = try directory.read(partition, from: place, upTo: end, maxBytes: 1) { header, _ in
                let (first, last) = (header.baseTimestamp, header.maxTimestamp)
                let times = min(first, last).millisecondsSince1970...max(first, last).millisecondsSince1970
                span = min(span?.lowerBound ?? .max, times.lowerBound)...max(span?.upperBound ?? .min, times.upperBound)
            }
        }
        guard let span else { return }
        var generator = BenchSeed(1)
        for _ in 0..<count {
            let time = Timestamp(millisecondsSince1970: Int64.random(in: span, using: &generator))
            let start = BenchClock.monotonic()
            _ = try directory.offset(in: partition, at: time, upTo: end)
            figures.latencies.append(BenchClock.monotonic() - start)
        }
        figures.records += count
    }
}
