import EdgeBroker
import RecordFormat
import Synchronization
import Testing

@Suite("A consumer")
struct ConsumerTests {
    private func fill(_ broker: Broker, _ topic: String, partitions: Int32 = 1, count: Int = 30) async throws {
        try await broker.admin.createTopic(topic, TopicConfiguration(partitionCount: partitions))
        for number in 0..<count {
            let partition = TopicPartition(topic: topic, partition: Int32(number) % partitions)
            try await broker.append([record("\(number)")], to: partition)
        }
    }

    @Test("of no group reads every partition to its end, in order, one batch at a time")
    func alone() async throws {
        try await TemporaryBroker.with { broker in
            try await fill(broker, "orders", partitions: 3)
            var seen: [TopicPartition: [Offset]] = [:]
            try await broker.withConsumer(topics: ["orders"]) { consumer in
                #expect(consumer.assignment.isEmpty)
                for try await batch in consumer.batches {
                    seen[batch.partition, default: []] += batch.records.map(\.offset)
                    #expect(consumer.position(of: batch.partition) == batch.nextOffset)
                    if seen.values.reduce(0, { $0 + $1.count }) == 30 { break }
                }
                #expect(consumer.assignment.count == 3)
                let error = await #expect(throws: BrokerError.self) {
                    try await consumer.commit([TopicPartition(topic: "orders", partition: 0): CommittedOffset(.zero)])
                }
                #expect(error?.code == .invalidGroup)
            }
            #expect(seen.count == 3 && seen.values.allSatisfy { $0 == (0..<10).map { Offset($0) } })
        }
    }

    @Test("of a group goes on where the group has committed")
    func committed() async throws {
        try await TemporaryBroker.with { broker in
            try await fill(broker, "orders")
            var configuration = ConsumerConfiguration()
            configuration.batchBytes = 1
            try await broker.withConsumer(group: "mes", topics: ["orders"], configuration) { consumer in
                var count = 0
                for try await batch in consumer.batches {
                    count += batch.records.count
                    try await consumer.commit(batch)
                    if count >= 12 { break }
                }
            }
            let partition = TopicPartition(topic: "orders", partition: 0)
            let committed = try #require(broker.committedOffsets(of: "mes")[partition]?.offset)
            #expect(committed >= Offset(12))
            try await broker.withConsumer(group: "mes", topics: ["orders"]) { consumer in
                for try await batch in consumer.batches {
                    #expect(batch.records.first?.offset == committed)
                    break
                }
            }
        }
    }

    @Test("begins where it is told to")
    func starts() async throws {
        try await TemporaryBroker.with { broker in
            try await fill(broker, "orders", count: 5)
            let partition = TopicPartition(topic: "orders", partition: 0)
            // Each appends one.
            let starts: [(StartPosition, Int64)] = [(.earliest, 0), (.latest, 6), (.time(.none), 0)]
            for (start, first) in starts {
                try await broker.withConsumer(topics: ["orders"], startingAt: start) { consumer in
                    async let late: Void = appendOnceAssigned(consumer, broker, partition)
                    for try await batch in consumer.batches {
                        #expect(batch.records.first?.offset == Offset(first))
                        break
                    }
                    try await late
                }
            }
            let error = await #expect(throws: BrokerError.self) {
                try await broker.withConsumer(group: "new", topics: ["orders"], startingAt: .committed(orElse: .fail)) {
                    for try await _ in $0.batches { break }
                }
            }
            #expect(error?.code == .noCommittedOffset)
        }
    }

    private func appendOnceAssigned(_ consumer: Consumer, _ broker: Broker, _ partition: TopicPartition) async throws {
        while consumer.assignment.isEmpty { await Task.yield() }
        try await broker.append([record("late")], to: partition)
    }

    @Test("waits without a batch, and is woken by a record in any of its partitions")
    func waits() async throws {
        try await TemporaryBroker.with { broker in
            try await fill(broker, "orders", partitions: 50, count: 0)
            try await broker.withConsumer(topics: ["orders"]) { consumer in
                for number in 0..<5 {
                    let partition = TopicPartition(topic: "orders", partition: Int32(number * 7))
                    async let appended = broker.append([record("\(number)")], to: partition)
                    for try await batch in consumer.batches {
                        #expect(batch.partition == partition && batch.records.count == 1)
                        break
                    }
                    _ = try await appended
                }
            }
        }
    }

    @Test("ends promptly when its task is cancelled, and leaves its group")
    func cancellation() async throws {
        try await TemporaryBroker.with { broker in
            try await fill(broker, "orders", count: 0)
            let started = AsyncStream<Void>.makeStream()
            let task = Task {
                try await broker.withConsumer(group: "mes", topics: ["orders"]) { consumer in
                    started.continuation.yield()
                    for try await _ in consumer.batches { Issue.record("There is nothing to read") }
                }
            }
            for await _ in started.stream { break }
            task.cancel()
            try await task.value
            #expect(broker.groups.describe("mes").members.isEmpty)
        }
    }

    @Test("throws once the broker is closed")
    func closed() async throws {
        let plant = TemporaryBroker()
        defer { plant.remove() }
        let broker = try await plant.open()
        try await fill(broker, "orders", count: 0)
        let task = Task {
            try await broker.withConsumer(topics: ["orders"]) { consumer in for try await _ in consumer.batches {} }
        }
        await broker.close()
        let error = await #expect(throws: BrokerError.self) { try await task.value }
        #expect(error?.code == .closed)
    }

    @Test("hands out nothing of a paused partition, and everything after it is resumed")
    func pausing() async throws {
        try await TemporaryBroker.with { broker in
            try await fill(broker, "orders", partitions: 2)
            let (first, second) = (
                TopicPartition(topic: "orders", partition: 0), TopicPartition(topic: "orders", partition: 1)
            )
            var configuration = ConsumerConfiguration()
            configuration.batchBytes = 1
            try await broker.withConsumer(topics: ["orders"], configuration) { consumer in
                var counts: [TopicPartition: Int] = [:]
                for try await batch in consumer.batches {
                    if counts.isEmpty { try consumer.pause(batch.partition == first ? second : first) }
                    counts[batch.partition, default: 0] += batch.records.count
                    if counts.values.reduce(0, +) == 15 { break }
                }
                let paused = try #require([first, second].first { counts[$0] == nil })
                #expect(counts.count == 1)
                try consumer.resume(paused)
                for try await batch in consumer.batches {
                    #expect(batch.partition == paused)
                    counts[paused, default: 0] += batch.records.count
                    if counts[paused] == 15 { break }
                }
                // Back to the beginning.
                try consumer.seek(first, to: .zero)
                for try await batch in consumer.batches {
                    #expect(batch.partition == first && batch.records.first?.offset == .zero)
                    break
                }
                #expect(throws: BrokerError.self) { try consumer.pause(TopicPartition(topic: "other", partition: 0)) }
            }
        }
    }

    private static func configuration(skips: Bool) -> ConsumerConfiguration {
        var configuration = ConsumerConfiguration()
        configuration.lostRecords = skips ? .skip : .fail
        return configuration
    }

    @Test("of deleted records fails, or skips them and says which", arguments: [true, false])
    func lostRecords(skips: Bool) async throws {
        try await TemporaryBroker.with { broker in
            try await fill(broker, "orders")
            let partition = TopicPartition(topic: "orders", partition: 0)
            try await broker.commitOffsets(group: "mes", [partition: CommittedOffset(Offset(3))])
            try await broker.admin.deleteRecords(partition, below: Offset(20))
            let configuration = Self.configuration(skips: skips)
            let read = Task {
                try await broker.withConsumer(group: "mes", topics: ["orders"], configuration) { consumer in
                    for try await batch in consumer.batches { return batch as ConsumerBatch? }
                    return nil
                }
            }
            if skips {
                let batch = try #require(try await read.value)
                #expect(batch.lost == Offset(3)..<Offset(20) && batch.records.first?.offset == Offset(20))
            } else {
                let error = await #expect(throws: BrokerError.self) { _ = try await read.value }
                #expect(error?.code == .offsetOutOfRange && error?.nextReadable == Offset(20))
            }
        }
    }
}
