import EdgeBroker
import RecordFormat

/// Cuts lines into records and hands them over in their order, those of one partition together.
struct LineProducer {
    let appender: any RecordAppender
    private let partitionCount: Int
    /// `nil`: by the key, or without one another partition for each batch.
    private let partition: Int32?
    private let format: LineFormat
    /// Lines that were handed over.
    private(set) var taken = 0
    private var turn = 0
    /// What every record has beside its line.
    private let commonSize: Int

    init(_ appender: any RecordAppender, partitionCount: Int, partition: Int32?, format: LineFormat) {
        self.appender = appender
        self.partitionCount = partitionCount
        self.partition = partition
        self.format = format
        commonSize = format.commonHeaders.reduce(0) { $0 + $1.key.utf8.count + ($1.value?.count ?? 0) + 10 }
    }

    /// - Throws: a `Failure` that names the first line which was not appended, and why.
    mutating func append(_ lines: [[UInt8]], at time: Timestamp) async throws {
        var batch: [Record] = []
        var bytes = 0
        var target: Int32?
        for (number, line) in lines.enumerated() {
            let record: Record
            do throws(LineMistake) {
                record = try format.record(line, at: time)
            } catch {
                try await append(&batch, to: target)
                try await appender.finish()
                throw Failure(
                    .unusableData, "Line \(taken + 1) \(error). The \(taken) lines before it were appended.")
            }
            let next = self.target(of: record)
            // More than a record's own overhead.
            let size = line.count + commonSize + 64
            if !batch.isEmpty, next != target || bytes + size > appender.mostBytes || batch.count == 10_000 {
                try await append(&batch, to: target)
                bytes = 0
            }
            target = next
            batch.append(record)
            bytes += size
            if number == lines.count - 1 { try await append(&batch, to: target) }
        }
        turn += 1
    }

    private func target(of record: Record) -> Int32 {
        if let partition { return partition }
        if let key = record.key { return Partitioner.partition(forKey: key, of: partitionCount) }
        return Int32(turn % partitionCount)
    }

    private mutating func append(_ batch: inout [Record], to target: Int32?) async throws {
        guard let target, !batch.isEmpty else { return }
        try await appender.append(batch, to: target)
        taken += batch.count
        batch = []
    }
}
