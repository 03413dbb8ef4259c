import EdgeBroker
import RecordFormat

/// Prints one partition's records from a place on, stepping over damage.
struct PartitionConsumer {
    let broker: Broker
    let partition: TopicPartition
    let reading: Reading
    let printer: RecordPrinter

    /// - Returns: whether damage was met.
    func run(from start: PartitionStart) async throws -> Bool {
        var isDamaged = false
        var next = start.offset
        var window = ReadingWindow(notBefore: start.notBefore, until: reading.until)
        while !Task.isCancelled && !printer.isFull && !window.isOver {
            do throws(BrokerError) {
                let fetched = try await broker.fetch(
                    partition, from: next, waitingUpTo: reading.exitsAtEnd ? .zero : .seconds(60),
                    isolation: reading.isCommittedOnly ? .committed : .uncommitted)
                let end = printer.show(fetched.records, of: partition, in: &window)
                try await commit(end ?? fetched.nextOffset, after: next)
                // Below the high watermark an open transaction may be what holds it up.
                let isStuck = fetched.nextOffset == next
                next = fetched.nextOffset
                if reading.exitsAtEnd, isStuck || next >= fetched.highWatermark { break }
            } catch {
                guard let good = error.nextReadable, good > next,
                    error.code == .corrupt || error.code == .offsetOutOfRange
                else {
                    guard error.code == .corrupt else { throw error }
                    Console.talk("\(partition): offset \(next) and what follows cannot be read: \(error)")
                    return true
                }
                let last = good.advanced(by: -1)
                Console.talk(
                    "\(partition): offsets \(next)..\(last) \(error.code == .corrupt ? "are damaged" : "are gone"): \(error)"
                )
                isDamaged = isDamaged || error.code == .corrupt
                next = good
            }
        }
        return isDamaged
    }

    /// What was printed is the group's, and nothing else.
    private func commit(_ offset: Offset, after before: Offset) async throws(BrokerError) {
        guard let group = reading.group, offset != before else { return }
        try await broker.commitOffsets(group: group.group, [partition: CommittedOffset(offset)])
    }
}
