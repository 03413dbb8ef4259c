import EdgeBroker
import RecordFormat

extension FolderLog {
    func read(_ reading: Reading, into printer: RecordPrinter) async throws -> Bool {
        let consumers = try starts(of: reading).map { start in
            (PartitionConsumer(broker: broker, partition: start.partition, reading: reading, printer: printer), start)
        }
        if reading.exitsAtEnd {
            // One after the other, so that the output is the same every time.
            var isDamaged = false
            for (consumer, start) in consumers { isDamaged = try await consumer.run(from: start) || isDamaged }
            return isDamaged
        }
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            for (consumer, start) in consumers { group.addTask { try await consumer.run(from: start) } }
            var isDamaged = false
            while let result = try await group.next() {
                isDamaged = result || isDamaged
                // The others may be waiting for records that nobody wants any more.
                if printer.isFull { group.cancelAll() }
            }
            return isDamaged
        }
    }

    /// Nobody else can be a member of a group while this process has the folder: it is given all partitions.
    private func starts(of reading: Reading) throws -> [PartitionStart] {
        guard let group = reading.group else { return reading.starts }
        let known = broker.admin.groups().contains { $0.name == group.group }
        let lags = known ? try broker.admin.lag(of: group.group) : []
        return reading.topics.flatMap { topic in
            topic.partitions.map { partition in
                let name = TopicPartition(topic: topic.name, partition: partition.index)
                let committed = lags.first { $0.partition == name }?.committed?.offset
                let otherwise = group.startsAtEarliest ? partition.logStart : partition.highWatermark
                return PartitionStart(partition: name, offset: committed ?? otherwise)
            }
        }
    }
}
