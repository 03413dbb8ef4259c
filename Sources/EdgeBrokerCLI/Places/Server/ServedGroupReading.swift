import KafkaClient
import RecordFormat

/// Reads a server's topic as a member of a group, and commits what was printed; blocks.
struct ServedGroupReading {
    private let member: KafkaGroupReader
    private let reading: Reading
    private let printer: RecordPrinter

    init(_ member: KafkaGroupReader, _ reading: Reading, _ printer: RecordPrinter) {
        self.member = member
        self.reading = reading
        self.printer = printer
    }

    /// - Returns: whether damage was met.
    func run() throws -> Bool {
        let isDamaged: Bool
        do {
            isDamaged = try read()
        } catch let error as KafkaClientError where error.code == .cancelled {
            // Whoever stops us has seen what was printed.
            try member.leave()
            throw error
        }
        try member.leave()
        return isDamaged
    }

    private func read() throws -> Bool {
        var batches = ReadBatches(until: reading.until)
        // Whatever of the topics this member is given.
        var known = Set(reading.topics.flatMap(\.names))
        for partition in known { batches.open(partition, at: .zero) }
        let hasPattern = reading.group?.pattern != nil
        var isDamaged = false
        var atEnd: Set<TopicPartition> = []
        var absence = ServerAbsence(exitsAtEnd: reading.exitsAtEnd)
        var silence = Silence(patience: reading.patience, from: .now)
        while hasPattern || !batches.isOver, !printer.isFull {
            let events = try member.next()
            // A topic may come later, or grow.
            for partition in member.assignment where known.insert(partition).inserted {
                batches.open(partition, at: .zero)
            }
            try absence.note(events, at: .now)
            if silence.isOver(after: events, at: .now) { break }
            for step in batches.steps(events) {
                switch step {
                case .records(let partition, let records, let kind):
                    atEnd.remove(partition)
                    if let next = batches.show(records, of: partition, timed: kind, by: printer) {
                        member.done([partition: next])
                    }
                case .end(let partition, _): atEnd.insert(partition)
                case .damage(let partition, let offset, let error):
                    Console.talk("\(partition): offset \(offset) and what follows cannot be read: \(error)")
                    isDamaged = true
                    batches.close(partition)
                    atEnd.insert(partition)
                case .gone(_, _, let error), .failure(let error): throw error
                }
            }
            if reading.exitsAtEnd {
                let assigned = member.assignment
                if !assigned.isEmpty, atEnd.isSuperset(of: assigned) { break }
            }
        }
        return isDamaged
    }
}
