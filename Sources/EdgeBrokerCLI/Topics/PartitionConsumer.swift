import EdgeBroker
import RecordFormat

/// Prints one partition's records from a place on, stepping over damage.
struct PartitionConsumer {
    let broker: Broker
    let partition: TopicPartition
    let exitsAtEnd: Bool
    let isJSON: Bool
    let budget: ConsumeBudget

    /// - Returns: whether damage was met.
    func run(from start: ConsumeStart, _ description: PartitionDescription) async throws -> Bool {
        var isDamaged = false
        var oldest: Timestamp?
        var next: Offset
        switch start {
        case .earliest: next = description.logStart
        case .latest: next = description.highWatermark
        case .offset(let offset): next = offset
        case .time(let time):
            next = description.logStart
            oldest = time
        }
        while !Task.isCancelled && !budget.isSpent {
            do throws(BrokerError) {
                let fetched = try await broker.fetch(
                    partition, from: next, waitingUpTo: exitsAtEnd ? .zero : .seconds(60))
                var records = fetched.records[...]
                if let time = oldest {
                    records = records.drop { $0.record.timestamp < time }
                    if !records.isEmpty { oldest = nil }
                }
                show(records)
                next = fetched.nextOffset
                if exitsAtEnd, next >= fetched.highWatermark { break }
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

    private func show(_ records: ArraySlice<StoredRecord>) {
        var bytes: [UInt8] = []
        for stored in records.prefix(budget.take(records.count)) {
            bytes += isJSON ? ConsumedRecord.json(stored, partition) : ConsumedRecord.line(stored)
        }
        if !bytes.isEmpty { Console.data(bytes) }
    }
}
