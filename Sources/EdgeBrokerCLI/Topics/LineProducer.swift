import EdgeBroker
import RecordFormat

/// Appends lines as records, in their order, and knows how far it has come.
struct LineProducer {
    /// Of one append, unless the topic takes less: enough for a sync to be worth its while.
    private static let batchBytes = 512 << 10

    let broker: Broker
    let topic: TopicDescription
    /// `nil`: by the key, or without one another partition for each batch.
    let partition: Int32?
    let separator: [UInt8]?
    private(set) var appended = 0
    private var turn = 0

    init(_ broker: Broker, _ topic: TopicDescription, partition: Int32?, separator: [UInt8]?) {
        self.broker = broker
        self.topic = topic
        self.partition = partition
        self.separator = separator
    }

    /// - Returns: when every line is as durable as the topic promises.
    /// - Throws: a `Failure` that names the first line which was not appended, and what the broker says of it. Those before it are.
    mutating func append(_ lines: [[UInt8]], at time: Timestamp) async throws {
        var batch: [Record] = []
        var bytes = 0
        var target: Int32?
        let limit = min(Self.batchBytes, topic.configuration.messages.maxBytes)
        for (number, line) in lines.enumerated() {
            guard let record = ProducedLine.record(line, separator: separator, at: time) else {
                try await append(&batch, to: target)
                throw Failure(
                    .unusableData,
                    "Line \(appended + 1) has no \(String(decoding: separator ?? [], as: UTF8.self).debugDescription) behind a key. The \(appended) lines before it were appended."
                )
            }
            let next = self.target(of: record)
            // More than a record's own overhead.
            let size = line.count + 64
            if !batch.isEmpty, next != target || bytes + size > limit || batch.count == 10_000 {
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
        let count = topic.partitions.count
        if let key = record.key { return Partitioner.partition(forKey: key, of: count) }
        return Int32(turn % count)
    }

    private mutating func append(_ batch: inout [Record], to target: Int32?) async throws {
        guard let target, !batch.isEmpty else { return }
        do throws(BrokerError) {
            try await broker.append(batch, to: TopicPartition(topic: topic.name, partition: target))
        } catch {
            let failure = Failure(explaining: error)
            let lines = batch.count == 1 ? "Line \(appended + 1)" : "Lines \(appended + 1) to \(appended + batch.count)"
            throw Failure(
                failure.status, "\(lines) could not be appended: \(failure) The \(appended) lines before were appended."
            )
        }
        appended += batch.count
        batch = []
    }
}
