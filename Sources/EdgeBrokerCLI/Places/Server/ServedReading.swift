import KafkaClient
import RecordFormat

/// Reads a server's partitions for itself alone; blocks.
struct ServedReading {
    private let reader: KafkaReader
    private let reading: Reading
    private let printer: RecordPrinter

    init(_ reader: KafkaReader, _ reading: Reading, _ printer: RecordPrinter) {
        self.reader = reader
        self.reading = reading
        self.printer = printer
    }

    /// - Returns: whether damage was met.
    func run() throws -> Bool {
        if !reading.exitsAtEnd { return try read(reading.starts) }
        // One after the other, so that the output is the same every time.
        var isDamaged = false
        for start in reading.starts where !printer.isFull { isDamaged = try read([start]) || isDamaged }
        return isDamaged
    }

    private func read(_ starts: [PartitionStart]) throws -> Bool {
        var batches = ReadBatches(until: reading.until)
        for start in starts {
            try reader.start(start.partition, from: start.offset)
            batches.open(start.partition, at: start.offset)
        }
        var isDamaged = false
        var absence = ServerAbsence(exitsAtEnd: reading.exitsAtEnd)
        var silence = Silence(patience: reading.patience, from: .now)
        while !batches.isOver, !printer.isFull {
            let events = try reader.next()
            try absence.note(events, at: .now)
            if silence.isOver(after: events, at: .now) { break }
            for step in batches.steps(events) {
                switch step {
                case .records(let partition, let records, let kind):
                    batches.show(records, of: partition, timed: kind, by: printer)
                case .end(let partition, _): if reading.exitsAtEnd { batches.close(partition) }
                case .damage(let partition, let offset, let error):
                    Console.talk("\(partition): offset \(offset) and what follows cannot be read: \(error)")
                    isDamaged = true
                    batches.close(partition)
                case .gone(let partition, let offset, let error):
                    let start = try logStart(of: partition, after: offset, error)
                    Console.talk("\(partition): offsets \(offset)..\(start.advanced(by: -1)) are gone: \(error)")
                    try reader.start(partition, from: start)
                    batches.open(partition, at: start)
                case .failure(let error): throw error
                }
            }
            for partition in batches.takeFinished() { reader.stop(partition) }
        }
        return isDamaged
    }

    /// Where reading can go on.
    /// - Throws: `error` if that is not farther on.
    private func logStart(of partition: TopicPartition, after offset: Offset, _ error: KafkaClientError) throws
        -> Offset
    {
        guard let start = try reader.logStart(of: partition), start > offset else { throw error }
        return start
    }
}
