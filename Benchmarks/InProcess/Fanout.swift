import EdgeBroker
import LogStore
import RecordFormat

/// One producer, and four consumers that each read everything: counted is what is delivered.
func measureFanout(_ broker: Broker, _ disk: CountingDisk, _ options: Options) async throws {
    let consumers = 4
    let producer = try broker.makeProducer()
    let value = Array(repeating: UInt8(ascii: "v"), count: 100)
    let syncs = disk.syncCalls
    let figures = Figures()
    try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<consumers {
            group.addTask {
                try await broker.withConsumer(topics: ["bench"]) { consumer in
                    var count = 0
                    for try await batch in consumer.batches {
                        count += batch.records.count
                        if count >= options.records { break }
                    }
                }
            }
        }
        for sender in 0..<options.senders {
            group.addTask {
                for number in stride(from: sender, to: options.records, by: options.senders) {
                    try await producer.send(
                        Record(key: nil, value: value), to: "bench", partition: Int32(number % options.partitions))
                }
            }
        }
        try await group.waitForAll()
    }
    figures.report(records: options.records * consumers, syncs: disk.syncCalls - syncs, latencies: [])
}
